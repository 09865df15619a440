# What `cmake --install` puts in place: libraries, headers, find_package() and pkg-config files.

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/peercert)

set(components core decode verify ssl)
set(pkg_config_files peercert peercert-decode peercert-verify peercert-ssl)
set(left_out PATTERN scan EXCLUDE)
if(PEERCERT_SCAN)
  list(APPEND components scan)
  list(APPEND pkg_config_files peercert-scan)
  set(left_out "")
endif()

install(DIRECTORY include/peercert TYPE INCLUDE ${left_out})
install(FILES LICENSE TYPE DOC)

# An export set for each component, so that core alone can be found where there is no OpenSSL.
foreach(component IN LISTS components)
  install(TARGETS peercert_${component} EXPORT peercert_${component})
  install(EXPORT peercert_${component}
    DESTINATION ${package_dir} NAMESPACE peercert:: FILE peercert-${component}.cmake)
endforeach()
if(PEERCERT_TOOL)
  install(TARGETS peercert)
endif()

write_basic_package_version_file(peercert-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/peercert-config.cmake ${PROJECT_BINARY_DIR}/peercert-config-version.cmake
  cmake/FindCARES.cmake cmake/FindIDN2.cmake cmake/FindZSTD.cmake cmake/find_plain_library.cmake
  DESTINATION ${package_dir})

# Relative to the .pc file, so that the prefix may still be chosen when installing.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name IN LISTS pkg_config_files)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
