# Everything that only those who work on peercert need: examples and tests. Consumers never read this file.

find_package(GTest REQUIRED)
include(GoogleTest)

set(python /usr/bin/python3)  # the system's: an oracle whose OpenSSL is the one that we link

# One program of all the *_test.cpp in some folders under src/. Each of its tests is one of ctest's.
function(add_unit_tests name)
  cmake_parse_arguments(ARG "" "LABEL" "FOLDERS;LIBRARIES" ${ARGN})
  list(TRANSFORM ARG_FOLDERS PREPEND ${PROJECT_SOURCE_DIR}/src/)
  list(TRANSFORM ARG_FOLDERS APPEND /*_test.cpp)
  file(GLOB sources CONFIGURE_DEPENDS ${ARG_FOLDERS})
  if(NOT sources)
    return()
  endif()
  add_executable(${name} ${sources})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PEERCERT_SOURCE="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name}
    TEST_PREFIX ${ARG_LABEL}/ DISCOVERY_TIMEOUT 300 PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 120)
endfunction()

# The unittest files of a folder under tests/, each one of ctest's.
function(add_python_tests folder)
  file(GLOB files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
       ${PROJECT_SOURCE_DIR}/tests/${folder}/*_test.py)
  foreach(file IN LISTS files)
    cmake_path(REMOVE_EXTENSION file OUTPUT_VARIABLE name)
    add_test(NAME ${name} COMMAND ${python} -B -m unittest ${file}
             WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES
      LABELS ${folder}
      TIMEOUT 600
      ENVIRONMENT "${python_test_environment}"
      FAIL_REGULAR_EXPRESSION "Ran 0 tests in [0-9.]+s\n\nOK\n"
      SKIP_REGULAR_EXPRESSION "Ran 0 tests in [0-9.]+s\n\nOK .skipped")
  endforeach()
endfunction()

add_unit_tests(core_tests LABEL core FOLDERS . der x509 peer render LIBRARIES peercert::core)
add_unit_tests(ssl_tests LABEL ssl FOLDERS ssl
  LIBRARIES peercert::ssl peercert_private_ca OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

file(GLOB examples CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/*.cpp)
foreach(example IN LISTS examples)
  cmake_path(GET example STEM name)
  add_executable(example_${name} ${example})
  target_link_libraries(example_${name} PRIVATE peercert::ssl OpenSSL::SSL)
  set_target_properties(example_${name} PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/examples)
endforeach()

set(python_test_environment
  PEERCERT=${PROJECT_BINARY_DIR}/peercert
  PEERCERT_EXAMPLES=${PROJECT_BINARY_DIR}/examples
  PEERCERT_SOURCE=${PROJECT_SOURCE_DIR}
  PEERCERT_BUILD=${PROJECT_BINARY_DIR}
  PYTHONPATH=${PROJECT_SOURCE_DIR}/tests
  PYTHONDONTWRITEBYTECODE=1
  PYTHONUTF8=1)

# Programs that the tests need and that are built for them.
if(EXISTS ${PROJECT_SOURCE_DIR}/tests/interop/CMakeLists.txt)
  add_subdirectory(${PROJECT_SOURCE_DIR}/tests/interop ${PROJECT_BINARY_DIR}/tests/interop)
  list(APPEND python_test_environment PEERCERT_DICT_SERVER=$<TARGET_FILE:dict_server>)
endif()

foreach(folder cli interop parity)
  add_python_tests(${folder})
endforeach()
