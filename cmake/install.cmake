# What `cmake --install` puts in place: libraries, headers, find_package() and pkg-config files.

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/peercert)

install(DIRECTORY include/peercert TYPE INCLUDE)
install(FILES LICENSE TYPE DOC)

# An export set for each component, so that core alone can be found where there is no OpenSSL.
foreach(component core verify ssl)
  install(TARGETS peercert_${component} EXPORT peercert_${component})
  install(EXPORT peercert_${component}
    DESTINATION ${package_dir} NAMESPACE peercert:: FILE peercert-${component}.cmake)
endforeach()
if(PEERCERT_TOOL)
  install(TARGETS peercert)
endif()

write_basic_package_version_file(peercert-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES cmake/peercert-config.cmake cmake/FindIDN2.cmake
  ${PROJECT_BINARY_DIR}/peercert-config-version.cmake
  DESTINATION ${package_dir})

# Relative to the .pc file, so that the prefix may still be chosen when installing.
file(RELATIVE_PATH prefix_from_pc /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(name peercert peercert-verify peercert-ssl)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
