# examples/*.cpp, each a program. The first word of a name says which library it is for; one for a
# library that is not there is left out.

find_package(PkgConfig REQUIRED)
find_path(ASIO_INCLUDE_DIR asio/ssl.hpp)
find_path(BEAST_INCLUDE_DIR boost/beast/ssl.hpp)
pkg_check_modules(HTTPLIB QUIET IMPORTED_TARGET cpp-httplib)
pkg_check_modules(CURL QUIET IMPORTED_TARGET libcurl)

# What an example for a library is linked with; a variable that is absent or false leaves it out.
set(decode_found TRUE)
set(decode_libraries peercert::decode)
set(scan_found ${PEERCERT_SCAN})
set(scan_libraries peercert::scan)
set(asio_found ${ASIO_INCLUDE_DIR})
set(beast_found ${BEAST_INCLUDE_DIR})
set(httplib_found ${HTTPLIB_FOUND})
set(httplib_libraries PkgConfig::HTTPLIB)
set(curl_found ${CURL_FOUND})
set(curl_libraries PkgConfig::CURL)

file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cpp)
foreach(example IN LISTS examples)
  cmake_path(GET example STEM name)
  string(REGEX MATCH "^[a-z]+" library ${name})
  if(DEFINED ${library}_found AND NOT ${library}_found)
    message(STATUS "Without examples/${name}.cpp: there is no ${library}")
    continue()
  endif()
  add_executable(example_${name} ${example})
  target_link_libraries(example_${name} PRIVATE
    peercert::ssl OpenSSL::SSL Threads::Threads ${${library}_libraries})
  set_target_properties(example_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
  if(DEFINED ${library}_found)
    # Big headers, whose code nobody debugs here: this halves the time to compile them.
    target_compile_options(example_${name} PRIVATE -O0 -g0)
  endif()
endforeach()

# The adapters that include a library's headers, with that library.
if(CURL_FOUND)
  add_unit_tests(adapters_tests LABEL adapters FOLDERS adapters
    LIBRARIES peercert::ssl peercert_private_ca PkgConfig::CURL Threads::Threads)
endif()
