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
  src/scan/targets/address_network.cpp
  src/scan/outputs/certificate_store.cpp
  src/scan/job/checkpoint.cpp
  src/scan/loop/connect.cpp
  src/scan/job/content_digest.cpp
  src/scan/targets/csv_reader.cpp
  src/scan/outputs/csv_sink.cpp
  src/scan/loop/descriptors.cpp
  src/scan/outputs/digest_set.cpp
  src/scan/records/examination.cpp
  src/scan/records/fields.cpp
  src/scan/outputs/file_lock.cpp
  src/scan/outputs/file_output.cpp
  src/scan/job/finished_targets.cpp
  src/scan/loop/flight_limits.cpp
  src/scan/targets/json_field.cpp
  src/scan/targets/line_reader.cpp
  src/scan/outputs/line_sinks.cpp
  src/http/metrics_request.cpp
  src/http/metrics_server.cpp
  src/scan/targets/networks.cpp
  src/scan/outputs/outputs.cpp
  src/scan/outputs/own_file.cpp
  src/scan/starttls/plain_buffer.cpp
  src/scan/loop/probe.cpp
  src/scan/records/record.cpp
  src/scan/records/record_columns.cpp
  src/scan/records/record_json.cpp
  src/scan/records/record_text.cpp
  src/scan/loop/resolver.cpp
  src/scan/loop/scanner.cpp
  src/scan/outputs/sqlite_database.cpp
  src/scan/outputs/sqlite_sink.cpp
  src/scan/starttls/start_tls.cpp
  src/scan/starttls/start_tls_binary.cpp
  src/scan/loop/start_tls_conversation.cpp
  src/scan/starttls/start_tls_dialogue.cpp
  src/scan/starttls/start_tls_text.cpp
  src/scan/starttls/start_tls_xmpp.cpp
  src/scan/targets/target_line.cpp
  src/scan/targets/target_source.cpp
  src/scan/outputs/text_sink.cpp
  src/scan/loop/wait.cpp
  src/scan/job/writer.cpp
)
add_library(peercert::scan ALIAS peercert_scan)
set_target_properties(peercert_scan PROPERTIES EXPORT_NAME scan)
target_link_libraries(peercert_scan PUBLIC peercert_ssl
  PRIVATE $<BUILD_INTERFACE:peercert_asio> CARES::CARES SQLite::SQLite3 ZSTD::ZSTD Threads::Threads)
target_include_directories(peercert_scan PRIVATE src)
# RapidJSON 1.1.0 adds to null pointers.
set_source_files_properties(src/scan/targets/json_field.cpp
  PROPERTIES COMPILE_OPTIONS -fno-sanitize=pointer-overflow)
