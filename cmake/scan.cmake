# peercert::scan and the libraries that it stands on.

add_library(peercert_scan STATIC
  src/scan/examination.cpp
  src/scan/fields.cpp
  src/scan/file_output.cpp
  src/scan/line_sinks.cpp
  src/scan/outputs.cpp
  src/scan/record.cpp
  src/scan/record_json.cpp
  src/scan/record_text.cpp
  src/scan/start_tls.cpp
)
add_library(peercert::scan ALIAS peercert_scan)
target_link_libraries(peercert_scan PUBLIC peercert_ssl PRIVATE Threads::Threads)
# Zstandard, for outputs that are compressed.
find_library(libzstd zstd REQUIRED)
target_link_libraries(peercert_scan PRIVATE ${libzstd})
target_include_directories(peercert_scan PRIVATE src)
# Asio's coroutines and timers, without Boost and without what is deprecated in it.
target_compile_definitions(peercert_scan PRIVATE ASIO_NO_DEPRECATED)
