# find_package(peercert COMPONENTS core ssl) gives peercert::core and peercert::ssl, and both of
# them if no component is named.

if(NOT peercert_FIND_COMPONENTS)
  set(peercert_FIND_COMPONENTS core ssl)
endif()

include(CMakeFindDependencyMacro)
foreach(component IN LISTS peercert_FIND_COMPONENTS)
  if(component STREQUAL "ssl")
    find_dependency(OpenSSL 3.0)
    find_dependency(Threads)
    include(${CMAKE_CURRENT_LIST_DIR}/peercert-core.cmake)
  endif()
  include(${CMAKE_CURRENT_LIST_DIR}/peercert-${component}.cmake OPTIONAL RESULT_VARIABLE found)
  if(found)
    set(peercert_${component}_FOUND TRUE)
  elseif(peercert_FIND_REQUIRED_${component})
    set(peercert_FOUND FALSE)
    set(peercert_NOT_FOUND_MESSAGE "peercert has no component ${component}")
  endif()
endforeach()
