# peercert::scan and the libraries that it stands on.

add_library(peercert_scan STATIC
  src/scan/record.cpp
  src/scan/start_tls.cpp
)
add_library(peercert::scan ALIAS peercert_scan)
target_link_libraries(peercert_scan PUBLIC peercert_ssl PRIVATE Threads::Threads)
target_include_directories(peercert_scan PRIVATE src)
# Asio's coroutines and timers, without Boost and without what is deprecated in it.
target_compile_definitions(peercert_scan PRIVATE ASIO_NO_DEPRECATED)
