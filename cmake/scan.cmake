# peercert::scan and the libraries that it stands on.

find_path(asio_include asio.hpp REQUIRED)
# Archives where there are any: each shared library would cost every start of the program half a
# millisecond, whether it scans or not. Those who link the installed library get their own choice.
find_library(CARES_LIBRARY NAMES libcares.a cares)
find_library(SQLite3_LIBRARY NAMES libsqlite3.a sqlite3)
find_library(ZSTD_LIBRARY NAMES libzstd.a zstd)
find_package(CARES REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZSTD REQUIRED)

# Asio's coroutines and timers, without Boost and without what is deprecated in it.
add_library(peercert_asio INTERFACE)
target_include_directories(peercert_asio SYSTEM INTERFACE ${asio_include})
target_compile_definitions(peercert_asio INTERFACE ASIO_STANDALONE ASIO_NO_DEPRECATED)
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15)
  # It has C++20's coroutines and does not say so, which g++'s library and Asio look for.
  target_compile_definitions(peercert_asio INTERFACE
    __cpp_impl_coroutine=201902L ASIO_HAS_CO_AWAIT ASIO_HAS_STD_COROUTINE)
  # Its prologue of functions is not one that a coroutine's parts can have (LLVM issue 49689).
  target_compile_options(peercert_asio INTERFACE -fno-sanitize=function)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 takes Asio's own operator new of a coroutine's frame for another once it is inlined.
  target_compile_options(peercert_asio INTERFACE -Wno-mismatched-new-delete)
endif()

add_library(peercert_scan STATIC
  src/scan/address_network.cpp
  src/scan/certificate_store.cpp
  src/scan/checkpoint.cpp
  src/scan/connect.cpp
  src/scan/content_digest.cpp
  src/scan/csv_reader.cpp
  src/scan/csv_sink.cpp
  src/scan/descriptors.cpp
  src/scan/digest_set.cpp
  src/scan/examination.cpp
  src/scan/fields.cpp
  src/scan/file_lock.cpp
  src/scan/file_output.cpp
  src/scan/finished_targets.cpp
  src/scan/flight_limits.cpp
  src/scan/json_field.cpp
  src/scan/line_reader.cpp
  src/scan/line_sinks.cpp
  src/scan/metrics_request.cpp
  src/scan/metrics_server.cpp
  src/scan/networks.cpp
  src/scan/outputs.cpp
  src/scan/own_file.cpp
  src/scan/plain_buffer.cpp
  src/scan/probe.cpp
  src/scan/record.cpp
  src/scan/record_columns.cpp
  src/scan/record_json.cpp
  src/scan/record_text.cpp
  src/scan/resolver.cpp
  src/scan/scanner.cpp
  src/scan/sqlite_database.cpp
  src/scan/sqlite_sink.cpp
  src/scan/start_tls.cpp
  src/scan/start_tls_binary.cpp
  src/scan/start_tls_conversation.cpp
  src/scan/start_tls_dialogue.cpp
  src/scan/start_tls_text.cpp
  src/scan/start_tls_xmpp.cpp
  src/scan/target_line.cpp
  src/scan/target_source.cpp
  src/scan/text_sink.cpp
  src/scan/wait.cpp
  src/scan/writer.cpp
)
add_library(peercert::scan ALIAS peercert_scan)
set_target_properties(peercert_scan PROPERTIES EXPORT_NAME scan)
target_link_libraries(peercert_scan PUBLIC peercert_ssl
  PRIVATE $<BUILD_INTERFACE:peercert_asio> CARES::CARES SQLite::SQLite3 ZSTD::ZSTD Threads::Threads)
target_include_directories(peercert_scan PRIVATE src)
# RapidJSON 1.1.0 adds to null pointers.
set_source_files_properties(src/scan/json_field.cpp
  PROPERTIES COMPILE_OPTIONS -fno-sanitize=pointer-overflow)
