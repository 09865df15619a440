# What only those who work on peercert need: examples and tests. Consumers never read this file.

find_package(GTest REQUIRED)
include(GoogleTest)

set(python /usr/bin/python3)  # the system's: an oracle whose OpenSSL is the one that we link

# Compiles the files of a folder together, up to ten at a time, where CMAKE_UNITY_BUILD is on: most
# of a file's time goes into headers that the next one includes, too. So the names in one folder's
# unnamed namespaces have to differ. That each file includes what it needs, tests/installed sees.
function(compile_by_folder target)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE group)
    cmake_path(REMOVE_FILENAME group)
    math(EXPR count_${group} "0${count_${group}} + 1")
    math(EXPR part "${count_${group}} / 10")
    string(MAKE_C_IDENTIFIER "${group}${part}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # Takes a source that another includes for a header.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# For code that only the tests run: the optimizer would take longer than it saves.
function(compile_in_a_hurry target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Debug>:-O0>)
endfunction()

foreach(folder base der x509 peer render columns crypto decode tls verify ssl http scan)
  if(TARGET peercert_${folder}_folder)
    compile_by_folder(peercert_${folder}_folder)
  endif()
endforeach()
if(PEERCERT_TOOL)
  compile_in_a_hurry(peercert)
endif()

# One program of all the *_test.cpp under some folders of src/. Each of its tests is one of ctest's.
function(add_unit_tests name)
  cmake_parse_arguments(ARG "" "LABEL" "FOLDERS;LIBRARIES" ${ARGN})
  list(TRANSFORM ARG_FOLDERS PREPEND ${PROJECT_SOURCE_DIR}/src/)
  list(TRANSFORM ARG_FOLDERS APPEND /*_test.cpp)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARG_FOLDERS})
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest_main)
  compile_by_folder(${name})
  compile_in_a_hurry(${name})
  target_compile_definitions(${name} PRIVATE PEERCERT_SOURCE="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name}
    TEST_PREFIX ${ARG_LABEL}/ DISCOVERY_TIMEOUT 300 PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120)
endfunction()

# The unittest files of a folder under tests/, each one of ctest's. With the label "tree" they look
# at the source tree and at builds of their own, and so say the same under every preset.
function(add_python_tests folder)
  cmake_parse_arguments(ARG "" "" "LABELS" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
       ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.py)
  foreach(file IN LISTS files)
    cmake_path(REMOVE_EXTENSION file OUTPUT_VARIABLE name)
    add_test(NAME ${name} COMMAND ${python} -B -m unittest ${file}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES
      LABELS "${folder};${ARG_LABELS}"
      TIMEOUT 600
      ENVIRONMENT "${python_test_environment}"
      FAIL_REGULAR_EXPRESSION "Ran 0 tests in [0-9.]+s\n\nOK\n"
      SKIP_REGULAR_EXPRESSION "Ran 0 tests in [0-9.]+s\n\nOK .skipped")
  endforeach()
endfunction()

add_unit_tests(core_tests LABEL core FOLDERS base der x509 peer render columns
  LIBRARIES peercert::core)
add_unit_tests(decode_tests LABEL decode FOLDERS decode LIBRARIES peercert::decode Threads::Threads)
add_unit_tests(verify_tests LABEL verify FOLDERS verify
  LIBRARIES peercert::verify peercert_public_suffix OpenSSL::Crypto)
add_unit_tests(ssl_tests LABEL ssl FOLDERS crypto tls ssl testing
  LIBRARIES peercert::ssl peercert_private_ca OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
add_unit_tests(hostile_tests LABEL hostile FOLDERS ../tests/hostile
  LIBRARIES peercert::ssl peercert_private_ca OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
add_unit_tests(parity_tests LABEL parity FOLDERS ../tests/parity
  LIBRARIES peercert::core OpenSSL::Crypto)
target_sources(parity_tests PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/openssl_dict.cpp)
target_include_directories(parity_tests PRIVATE ${PROJECT_SOURCE_DIR})
target_compile_options(parity_tests PRIVATE $<$<CONFIG:Debug>:-O1>)  # tries 200,000 certificates
if(PEERCERT_SCAN)
  add_unit_tests(scan_tests LABEL scan FOLDERS http scan
    LIBRARIES peercert::scan peercert_asio peercert_private_ca OpenSSL::SSL OpenSSL::Crypto
      Threads::Threads)
  # src/scan/job/writer_cost_test.cpp counts the calls of these, which go to its __wrap_ functions.
  foreach(function
      _ZN8peercert6crypto6sha256ESt4spanIKhLm18446744073709551615EE
      _ZN8peercert15CertificateView5parseESt4spanIKhLm18446744073709551615EE
      _ZN8peercert15CertificateView5parseESt4spanIKhLm18446744073709551615EERS0_
      _ZN8peercert11Certificate8from_derESt4spanIKhLm18446744073709551615EE)
    target_link_options(scan_tests PRIVATE LINKER:--wrap=${function})
  endforeach()
endif()
foreach(file heap_use record_cipher tls_peer trial wire)
  target_sources(hostile_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests/hostile/${file}.cpp)
endforeach()

include(cmake/examples.cmake)

# Compiles each header that matches, twice in a row, between the lines `before` and `after`. The
# preset dev builds them; sanitizers would have nothing to look at.
function(add_header_tests name pattern before after)
  set(include ${PROJECT_SOURCE_DIR}/include)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${include} ${include}/peercert/${pattern})
  if(NOT CURL_FOUND)
    list(REMOVE_ITEM headers peercert/adapters/curl.hpp)
  endif()
  add_library(${name} OBJECT EXCLUDE_FROM_ALL)
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_compile_options(${name} PRIVATE -O0 -g0)
  target_link_libraries(${name} PRIVATE peercert::core)
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} stem)
    set(source ${PROJECT_BINARY_DIR}/${name}/${stem}.cpp)
    set(line "#include <${header}>\n")
    file(CONFIGURE OUTPUT ${source} CONTENT "${before}${line}${line}${after}")
    target_sources(${name} PRIVATE ${source})
  endforeach()
endfunction()

# Every public header compiles alone, without OpenSSL's; those of ssl also beside them.
add_header_tests(headers_alone *.hpp "" "")
add_header_tests(headers_beside_openssl ssl/*.hpp
  "#include <openssl/ssl.h>\n" "#include <openssl/x509v3.h>\n")
target_link_libraries(headers_beside_openssl PRIVATE OpenSSL::SSL)

set(python_test_environment
  CXX=${CMAKE_CXX_COMPILER}
  PEERCERT=${PROJECT_BINARY_DIR}/peercert
  PEERCERT_BUILD=${PROJECT_BINARY_DIR}
  PEERCERT_EXAMPLES=${PROJECT_BINARY_DIR}/examples
  PEERCERT_INSTALLED=${PROJECT_BINARY_DIR}/installed
  PEERCERT_SOURCE=${PROJECT_SOURCE_DIR}
  PYTHONDONTWRITEBYTECODE=1
  PYTHONPATH=${PROJECT_SOURCE_DIR}/tests
  PYTHONUTF8=1)

# Programs that the tests need and that are built for them.
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/interop/CMakeLists.txt)
  add_subdirectory(${PROJECT_SOURCE_DIR}/tests/interop ${PROJECT_BINARY_DIR}/tests/interop)
  list(APPEND python_test_environment PEERCERT_DICT_SERVER=$<TARGET_FILE:dict_server>
       PEERCERT_IDENTITY_ROWS=$<TARGET_FILE:identity_rows>
       PEERCERT_TLS_END=$<TARGET_FILE:tls_end>)
endif()

if(PEERCERT_SCAN)
  add_subdirectory(tests/outputs ${PROJECT_BINARY_DIR}/tests/outputs)
  list(APPEND python_test_environment PEERCERT_SCAN_RECORDS=$<TARGET_FILE:scan_records>
       PEERCERT_START_TLS_CLIENT=$<TARGET_FILE:start_tls_client>
       PEERCERT_TLS_FARM=$<TARGET_FILE:tls_farm>)
  add_python_tests(outputs)
endif()
foreach(folder cli interop parity)
  add_python_tests(${folder})
endforeach()
foreach(folder compile_fail consumer layering)
  add_python_tests(${folder} LABELS tree)
endforeach()

add_subdirectory(fuzz)

# What decoding costs. The test only sees to it that the answers are right before they are timed.
find_package(benchmark REQUIRED)
add_executable(decode_bench bench/decode_bench.cpp fuzz/openssl_dict.cpp)
set_target_properties(decode_bench PROPERTIES UNITY_BUILD OFF)  # two folders in one program
target_include_directories(decode_bench PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(decode_bench PRIVATE peercert::ssl OpenSSL::Crypto benchmark::benchmark)
set(leaf_certificates ${PROJECT_BINARY_DIR}/leaf_certificates.bin)
add_test(NAME bench/make_leaf_certificates
  COMMAND ${python} ${PROJECT_SOURCE_DIR}/bench/make_leaf_certificates.py ${leaf_certificates} 200)
add_test(NAME bench/decode_bench
  COMMAND decode_bench ${leaf_certificates} --benchmark_min_time=0.001)
set_tests_properties(bench/make_leaf_certificates PROPERTIES
  FIXTURES_SETUP leaf_certificates ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
set_tests_properties(bench/decode_bench PROPERTIES FIXTURES_REQUIRED leaf_certificates TIMEOUT 300)

# Servers for scans to meet.
if(PEERCERT_SCAN)
  add_executable(tls_farm bench/tls_farm.cpp)
  target_link_libraries(tls_farm PRIVATE peercert_private_ca Threads::Threads)
endif()

# That what a server says before TLS costs time in proportion to its length.
if(PEERCERT_SCAN AND NOT PEERCERT_FUZZ)
  add_test(NAME bench/start_tls_cost
    COMMAND ${python} -B bench/start_tls_cost.py $<TARGET_FILE:start_tls_fuzz>
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(bench/start_tls_cost PROPERTIES LABELS tree TIMEOUT 600)
endif()

# What validating a path costs.
add_executable(verify_bench bench/verify_bench.cpp)
target_include_directories(verify_bench PRIVATE ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(verify_bench PRIVATE peercert::verify OpenSSL::Crypto benchmark::benchmark)
add_test(NAME bench/verify_bench COMMAND verify_bench --benchmark_min_time=0.001)

# The release form, installed: what the tests of consumers and of the core's purity look at. Each
# file is compiled alone, to see whether it includes what it needs; the program is not optimized.
add_test(NAME tests/installed COMMAND ${CMAKE_CTEST_COMMAND}
  --build-and-test ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/release
  --build-generator Ninja --build-noclean --build-target install
  --build-options -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER}
    -DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS} -DCMAKE_CXX_EXTENSIONS=OFF
    -DCMAKE_INSTALL_PREFIX=${PROJECT_BINARY_DIR}/installed
    -DCMAKE_PROJECT_peercert_INCLUDE=${PROJECT_SOURCE_DIR}/cmake/unoptimized_program.cmake)
set_tests_properties(tests/installed PROPERTIES
  LABELS tree TIMEOUT 900 COST 1000 FIXTURES_SETUP installed)
set_tests_properties(tests/consumer/consumer_test tests/layering/purity_test PROPERTIES
  FIXTURES_REQUIRED installed)
add_test(NAME bench/instructions
  COMMAND ${python} -B ${PROJECT_SOURCE_DIR}/bench/instructions.py ${PROJECT_BINARY_DIR}/installed)
set_tests_properties(bench/instructions PROPERTIES
  LABELS tree TIMEOUT 300 FIXTURES_REQUIRED installed ENVIRONMENT CXX=${CMAKE_CXX_COMPILER})
