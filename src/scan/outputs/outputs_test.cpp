// SPDX-License-Identifier: Apache-2.0
// What tests/outputs does not see of the sinks.
#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <peercert/base/version.hpp>
#include <peercert/scan/outputs.hpp>

#include "scan/outputs/sqlite_database.hpp"
#include "scan/targets/csv_reader.hpp"
#include "support/scan_records.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

std::string refusal(const auto& call) {
  try {
    call();
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Outputs, TheEndingTellsTheFormat) {
  const Scratch scratch;
  for (const char* name :
       {"a.jsonl", "a.ndjson.zst", "a.json", "a.csv", "a.csv.zst", "a.db", "a.sqlite3", "a.txt"}) {
    EXPECT_NE(open_sink(scratch / name), nullptr) << name;
  }
  EXPECT_NE(open_sink("-"), nullptr);
  EXPECT_NE(open_sink("/dev/null", {.format = OutputFormat::csv}), nullptr);
  EXPECT_EQ(refusal([] { open_sink("a.xml"); }),
            "a.xml: the file's ending tells the format, and has to be one of"
            " .jsonl .ndjson .json .csv .db .sqlite .sqlite3 .txt");
  EXPECT_EQ(refusal([] { open_sink(".zst"); }).substr(0, 6), ".zst: ");
  EXPECT_EQ(parse_output_format("sqlite"), OutputFormat::sqlite);
  EXPECT_EQ(parse_output_format("xml"), std::nullopt);
}

TEST(Outputs, WhatCannotBeIsRefused) {
  const Scratch scratch;
  const std::string zst = "a database has to be a file, and is not compressed";
  EXPECT_EQ(refusal([&] { open_sink("a.db.zst"); }), "a.db.zst: " + zst);
  EXPECT_EQ(refusal([&] { open_sink("-", {.format = OutputFormat::sqlite}); }), "-: " + zst);
  const std::string path = scratch.write("a.db", std::string(5000, 'x'));
  EXPECT_EQ(refusal([&] { open_sink(path); }), path + ": file is not a database");
  EXPECT_EQ(refusal([&] { open_certificate_store("a.jsonl.zst"); }),
            "a.jsonl.zst: certificates go to a file, and are not compressed");
}

TEST(Outputs, AHeadingIsThereWithoutRecordsAndOnlyOnce) {
  const Scratch scratch;
  const std::string path = scratch / "a.txt";
  std::string committed;
  {
    const auto sink = open_sink(path);
    sink->rewind({});
    committed = sink->commit();
    sink->close();
  }
  const std::string empty = scratch.read("a.txt");
  EXPECT_EQ(empty.substr(0, 6), "TARGET");
  const auto sink = open_sink(path);
  sink->rewind(committed);
  test::write(*sink, test::verified_record(0));
  test::write(*sink, test::verified_record(1));
  sink->close();
  const std::string full = scratch.read("a.txt");
  EXPECT_EQ(full.substr(0, empty.size()), empty);
  EXPECT_EQ(full.find("TARGET", 1), std::string::npos);
}

TEST(Outputs, TheTableIsAsWideAsTheTerminal) {
  const Scratch scratch;
  const auto sink = open_sink(scratch / "a.txt", {.format = {}, .fields = {}, .width = 70});
  sink->rewind({});
  Record record = test::verified_record(0);
  record.target.text = std::string(100, 'x') + ".example";
  test::write(*sink, record);
  record = test::failed_record(1, ErrorClass::refused, "Connection refused");
  record.target.text = "\xc3\xa4.example";
  test::write(*sink, record);
  sink->close();
  const std::string text = scratch.read("a.txt");
  EXPECT_NE(text.find("\n" + std::string(26, 'x') + "..  verified         "), std::string::npos)
      << text;
  EXPECT_NE(text.find("\n\xc3\xa4.example" + std::string(21, ' ') + "refused             " +
                      "  Connection refused\n"),
            std::string::npos)
      << text;
}

TEST(Outputs, ADatabaseGoesBackToACommit) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  std::string committed;
  {
    const auto sink = open_sink(path);
    sink->rewind({});
    test::write(*sink, test::verified_record(0));
    committed = sink->commit();
    EXPECT_EQ(committed, "1 1 2");
    test::write(*sink, test::verified_record(1, test::undecodable_certificate()));
    EXPECT_EQ(sink->commit(), "1 2 3");
    test::write(*sink, test::verified_record(2));  // never committed
  }
  const auto sink = open_sink(path);
  for (const char* const place : {"1 3 3", "1 2 4", "2 0 0", "2 1 2"}) {
    EXPECT_EQ(refusal([&] { sink->rewind(place); }),
              path + ": has less than the scan that is to be resumed has left")
        << place;
  }
  EXPECT_EQ(refusal([&] { sink->rewind("3"); }), path + ": not what a scan has left");
  sink->rewind(committed);
  test::write(*sink, test::verified_record(1, test::undecodable_certificate()));
  EXPECT_EQ(sink->commit(), "1 2 3");
  sink->close();
}

// The first number of a query over the file.
std::int64_t number_in(const std::string& path, const std::string& sql) {
  SqliteDatabase database(path);
  const std::int64_t number = database.number(sql);
  database.close();
  return number;
}

TEST(Outputs, ADatabaseKeepsEachRun) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  for (int run = 1; run <= 2; ++run) {
    const auto sink = open_sink(path, {.command = run == 1 ? "" : "scan it"});
    sink->rewind({});
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM runs WHERE finished IS NULL"), 1);
    test::write(*sink, test::verified_record(0));
    test::write(*sink, test::verified_record(1));
    sink->finish();
    sink->close();
  }
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM certificates"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM observations WHERE run = 1"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM observations WHERE run = 2"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM latest WHERE run = 2"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM latest"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM runs WHERE finished >= started"), 2);
  EXPECT_EQ(number_in(path, "SELECT id FROM runs WHERE command IS NULL"), 1);
  EXPECT_EQ(number_in(path, "SELECT id FROM runs WHERE command = 'scan it'"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM runs WHERE version = '" PEERCERT_VERSION "'"), 2);
}

TEST(Outputs, ARunThatGoesOnLeavesLaterOnesAlone) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  const Der other = test::undecodable_certificate();
  std::string committed;
  {
    const auto sink = open_sink(path);
    sink->rewind({});
    test::write(*sink, test::verified_record(0));
    committed = sink->commit();
    test::write(*sink, test::verified_record(1, other));  // after the last checkpoint
    sink->finish();
    sink->close();
  }
  {
    const auto later = open_sink(path);
    later->rewind({});
    test::write(*later, test::verified_record(0, other));
    EXPECT_EQ(later->commit(), "2 3 3");
    later->finish();
    later->close();
  }
  const auto sink = open_sink(path);
  sink->rewind(committed);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM observations WHERE run = 1"), 1);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM observations WHERE run = 2"), 1);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM certificates"), 3) << "the later run has it, too";
  EXPECT_EQ(number_in(path, "SELECT id FROM runs WHERE finished IS NULL"), 1);
  test::write(*sink, test::verified_record(1));
  EXPECT_EQ(sink->commit(), "1 4 2");
  sink->close();
  EXPECT_EQ(number_in(path, "SELECT id FROM runs WHERE finished IS NULL"), 1) << "it ended early";
}

// A run that is cut back to its beginning takes no certificate of those before it along.
TEST(Outputs, ARunThatBeginsAgainKeepsTheCertificatesOfOthers) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  std::string committed;
  for (int run = 1; run <= 2; ++run) {
    const auto sink = open_sink(path);
    sink->rewind({});
    committed = sink->commit();
    test::write(*sink, test::verified_record(0));
    test::write(*sink,
                test::verified_record(1, run == 1 ? Der() : test::undecodable_certificate()));
    sink->close();
  }
  EXPECT_EQ(committed, "2 0 2");
  const auto sink = open_sink(path);
  sink->rewind(committed);
  sink->close();
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM observations"), 2);
  EXPECT_EQ(number_in(path, "SELECT count(*) FROM certificates"), 2);
}

TEST(Outputs, ADatabaseOfAnotherVersionIsRefused) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  for (const int version : {0, 1, 3}) {
    SqliteDatabase former(path);
    former.execute("PRAGMA application_id = 0x70637274; PRAGMA user_version = " +
                   std::to_string(version) + "; CREATE TABLE IF NOT EXISTS observations (id)");
    former.close();
    EXPECT_EQ(refusal([&] { open_sink(path); }),
              path +
                  ": a database of another version of peercert, to which this one cannot add a "
                  "run: move it away, or name another file");
    EXPECT_EQ(number_in(path, "SELECT count(*) FROM sqlite_master"), 1);
  }
}

// The last row of CSV as RFC 4180 has it, with the heading's names.
std::map<std::string, std::string> cells_of(const std::string& text) {
  std::istringstream input(text);
  LineReader lines(input);
  CsvReader reader(lines);
  std::vector<std::string> names, row;
  reader.next(names);
  reader.next(row);
  std::map<std::string, std::string> cells;
  EXPECT_EQ(names.size(), row.size()) << text;
  for (std::size_t i = 0; i < std::min(names.size(), row.size()); ++i) cells[names[i]] = row[i];
  return cells;
}

std::string csv_of(const Record& record, const std::string& fields = "") {
  const Scratch scratch;
  const auto sink = open_sink(scratch / "a.csv", {.format = {}, .fields = Fields(fields)});
  sink->rewind({});
  test::write(*sink, record);
  sink->close();
  return scratch.read("a.csv");
}

TEST(Outputs, CellsThatSpreadsheetsWouldRunAreTexts) {
  for (const std::string first : {"=", "+", "-", "@"}) {
    Record record = test::failed_record(0, ErrorClass::refused, first + "1+1");
    record.target.text = first + "target";
    const auto cells = cells_of(csv_of(record));
    EXPECT_EQ(cells.at("error_message"), "'" + first + "1+1");
    EXPECT_EQ(cells.at("target"), "'" + first + "target");
  }
  for (const char first : {'\t', '\r', '|', '1', 'x'}) {
    const std::string text = std::string(1, first) + "1";
    const auto message =
        cells_of(csv_of(test::failed_record(0, ErrorClass::refused, text))).at("error_message");
    EXPECT_NE(message.front(), '\t');
    EXPECT_NE(message.front(), '\r');
    EXPECT_NE(message.front(), '\'');
  }
}

TEST(Outputs, FieldsOfCertificatesAreNoFormulasEither) {
  for (const std::string first : {"=", "+", "-", "@"}) {
    test::CertificateBuilder parts;
    parts.subject = test::common_name(first + "1+1");
    const auto cells = cells_of(csv_of(test::verified_record(0, parts.build()), "common_name"));
    EXPECT_EQ(cells.at("common_name"), "'" + first + "1+1");
  }
}

TEST(Outputs, NorIsWhatCannotBeReadAsACertificate) {
  Record record = test::verified_record(0, {0xf8, 0x00, 0x00});  // base64: +AAA
  EXPECT_EQ(cells_of(csv_of(record)).at("der"), "'+AAA");
}

TEST(Outputs, CellsAreQuotedWhereRfc4180WantsIt) {
  const std::pair<const char*, const char*> rows[] = {
      {R"(a "quoted" word)", R"(,"a ""quoted"" word",)"},
      {R"(")", R"(,"""",)"},
      {"a,b", R"(,"a,b",)"},
      {" a", R"(," a",)"},
      {"a ", R"(,"a ",)"},
      {"a b", ",a b,"},
  };
  for (const auto& [message, cell] : rows) {
    const std::string text = csv_of(test::failed_record(0, ErrorClass::refused, message));
    EXPECT_NE(text.find(cell), std::string::npos) << text;
    EXPECT_EQ(cells_of(text).at("error_message"), message);
  }
}

TEST(Outputs, ADatabaseThatNoScanHasMadeIsLeftAlone) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  const std::string refused = path + ": a database that no scan has made";
  {
    SqliteDatabase foreign(path);
    foreign.execute("CREATE TABLE observations (mine TEXT); INSERT INTO observations VALUES ('x')");
    foreign.close();
  }
  const std::string before = scratch.read("a.db");
  EXPECT_EQ(refusal([&] { open_sink(path); }), refused);
  EXPECT_EQ(scratch.read("a.db"), before);
  {
    SqliteDatabase of_others(path);
    of_others.execute("PRAGMA application_id = 1");
    of_others.close();
  }
  EXPECT_EQ(refusal([&] { open_sink(path); }), refused);
  SqliteDatabase foreign(path);
  EXPECT_EQ(foreign.number("SELECT count(*) FROM observations WHERE mine = 'x'"), 1);
  // One without tables is nobody's, and one of a scan gets another run.
  SqliteDatabase(scratch / "b.db").close();
  for (int i = 0; i < 2; ++i) {
    const auto sink = open_sink(scratch / "b.db");
    sink->rewind({});
    sink->close();
  }
}

// Each name would have a lock and a journal of its own.
TEST(Outputs, ADatabaseWithASecondNameIsRefused) {
  namespace fs = std::filesystem;
  const Scratch scratch;
  const std::string path = scratch / "a.db", other = scratch / "b.db";
  const auto add_run = [](const std::string& name) {
    const auto sink = open_sink(name);
    sink->rewind({});
    sink->close();
  };
  add_run(path);
  fs::create_hard_link(path, other);
  const std::string before = scratch.read("a.db");
  for (const std::string& name : {path, other}) {
    EXPECT_EQ(refusal([&] { add_run(name); }),
              name +
                  ": a database with several names (hard links), each of which has a lock and a "
                  "journal of its own: remove the others, or name another file");
    for (const char* const end : {"-wal", "-journal", "-shm", ".lock"}) {
      EXPECT_FALSE(fs::exists(name + end)) << end;
    }
  }
  EXPECT_EQ(scratch.read("a.db"), before);
  fs::remove(other);
  EXPECT_EQ(refusal([&] { add_run(path); }), "accepted");
}

TEST(Outputs, APlaceInADatabaseIsOneThatACommitCanHaveGiven) {
  const Scratch scratch;
  const std::string path = scratch / "a.db";
  {
    const auto sink = open_sink(path);
    sink->rewind({});
    test::write(*sink, test::verified_record(0));
    EXPECT_EQ(sink->commit(), "1 1 2");
    sink->close();
  }
  for (const char* const place :
       {" ", "1", "1 ", "1 1", "1 1 ", " 1 1 2", "1 1 2 ", "1  1 2", "1 1  2", "-1 1 2", "1 -1 2",
        "1 1 -1", "18446744073709551615 1 2", "1 18446744073709551615 2", "1 1 9223372036854775808",
        "1 1 18446744073709551616", "0x1 1 2",
        "1 1 0"}) {  // the record's certificate would be missing
    const auto sink = open_sink(path);
    EXPECT_EQ(refusal([&] { sink->rewind(place); }), path + ": not what a scan has left") << place;
  }
  const auto sink = open_sink(path);
  EXPECT_EQ(refusal([&] { sink->rewind("1 1 2"); }), "accepted");
}

TEST(Outputs, NoLinkRedirectsADatabaseOrItsJournals) {
  namespace fs = std::filesystem;
  const Scratch scratch;
  scratch.write("victim", "before");
  for (const char* const ending : {"-wal", "-journal", "-shm"}) {
    const std::string path = scratch / "a.db";
    fs::create_symlink("victim", path + ending);
    try {
      const auto sink = open_sink(path);
      sink->rewind({});
      test::write(*sink, test::verified_record(0));
      sink->close();
    } catch (const std::exception&) {  // refused or passed over: both will do
    }
    EXPECT_EQ(scratch.read("victim"), "before") << ending;
    for (const char* const end : {"", "-wal", "-journal", "-shm", ".lock"}) fs::remove(path + end);
  }
  // A link of this user's own is followed, and what is beside the file itself belongs to it.
  fs::create_directory(scratch / "folder");
  fs::create_symlink("folder/real.db", scratch / "link.db");
  const auto sink = open_sink(scratch / "link.db");
  sink->rewind({});
  EXPECT_TRUE(fs::exists(scratch / "folder/real.db-wal"));
  EXPECT_EQ(refusal([&] { open_sink(scratch / "folder/real.db"); }),
            (scratch / "folder/real.db").string() +
                ": another scan writes to it: wait for its end, or name another file");
  sink->close();
  fs::create_symlink("folder", scratch / "link");  // and so is one to its folder
  open_sink(scratch / "link/other.db")->rewind({});
  EXPECT_TRUE(fs::exists(scratch / "folder/other.db"));
  fs::create_symlink("victim", scratch / "b.db");
  EXPECT_THROW(SqliteDatabase(scratch / "b.db"), std::system_error);
}

TEST(Outputs, StreamsNeedNoEnding) {
  EXPECT_NE(open_sink("/dev/stdout"), nullptr);
  EXPECT_NE(open_sink("/dev/fd/1"), nullptr);
  EXPECT_NE(open_sink("/dev/fd/1", {.format = OutputFormat::csv}), nullptr);
  EXPECT_EQ(refusal([] { open_sink("/dev/null"); }).substr(0, 11), "/dev/null: ");
}

TEST(Outputs, CertificatesAreKnownAgainAfterARewind) {
  const Scratch scratch;
  for (const std::string name : {"a.jsonl", "a.pem"}) {
    std::string committed;
    {
      const auto store = open_certificate_store(scratch / name);
      store->rewind({});
      test::write(*store, test::verified_record(0));
      committed = store->commit();
      test::write(*store, test::verified_record(1, test::undecodable_certificate()));
      store->close();
    }
    const auto store = open_certificate_store(scratch / name);
    store->rewind(committed);
    test::write(*store, test::verified_record(0));
    store->close();
    EXPECT_EQ(scratch.read(name).size(), std::stoull(committed)) << name;
  }
}

TEST(Outputs, WhatIsNoCertificateIsNotStored) {
  const Scratch scratch;
  Record record = test::verified_record(0);
  const std::size_t num_certificates = record.verified_chain.size();
  for (std::uint8_t i = 0; i < 100; ++i) record.chain.push_back({0x30, 0x01, i});
  for (const char* name : {"a.jsonl", "a.pem"}) {
    const auto store = open_certificate_store(scratch / name);
    store->rewind({});
    for (int i = 0; i < 2; ++i) test::write(*store, record);
    store->close();
    const std::string text = scratch.read(name);
    const std::string begin = name == std::string("a.pem") ? "# sha256 " : "\"sha256\":";
    std::size_t num_stored = 0;
    for (std::size_t at = text.find(begin); at != std::string::npos;
         at = text.find(begin, at + 1)) {
      ++num_stored;
    }
    EXPECT_EQ(num_stored, num_certificates) << name;
  }
}

TEST(Outputs, ForeignFilesAreNotTakenForOurs) {
  const Scratch scratch;
  const std::string path = scratch.write("a.jsonl", "{\"schema\":\"other\"}\n");
  const auto store = open_certificate_store(path);
  EXPECT_EQ(refusal([&] { store->rewind("19"); }), path + ": not what a scan has left");
}

}  // namespace
}  // namespace peercert::scan
