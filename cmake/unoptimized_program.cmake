# For tests/installed, which runs the program and a scan once: does not optimize them. Read at the
# start of the project, and acts when all targets are there.
function(do_not_optimize_the_program)
  foreach(target peercert peercert_scan_folder peercert_http_folder peercert_private_ca
          peercert_public_suffix)
    target_compile_options(${target} PRIVATE -O0)
  endforeach()
endfunction()
cmake_language(DEFER CALL do_not_optimize_the_program)
