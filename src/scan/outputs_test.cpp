// SPDX-License-Identifier: Apache-2.0
// What tests/outputs does not see of the sinks.
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include <peercert/scan/outputs.hpp>

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
  sink->write(test::verified_record(0));
  sink->write(test::verified_record(1));
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
  sink->write(record);
  record = test::failed_record(1, ErrorClass::refused, "Connection refused");
  record.target.text = "\xc3\xa4.example";
  sink->write(record);
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
    sink->write(test::verified_record(0));
    committed = sink->commit();
    EXPECT_EQ(committed, "1 2");
    sink->write(test::verified_record(1, test::undecodable_certificate()));
    EXPECT_EQ(sink->commit(), "2 3");
    sink->write(test::verified_record(2));  // never committed
  }
  const auto sink = open_sink(path);
  EXPECT_EQ(refusal([&] { sink->rewind("3 3"); }),
            path + ": has less than the scan that is to be resumed has left");
  EXPECT_EQ(refusal([&] { sink->rewind("3"); }), path + ": not what a scan has left");
  sink->rewind(committed);
  sink->write(test::verified_record(1, test::undecodable_certificate()));
  EXPECT_EQ(sink->commit(), "2 3");
  sink->close();
}

TEST(Outputs, ForeignFilesAreNotTakenForOurs) {
  const Scratch scratch;
  const std::string path = scratch.write("a.jsonl", "{\"schema\":\"other\"}\n");
  const auto store = open_certificate_store(path);
  EXPECT_EQ(refusal([&] { store->rewind("19"); }), path + ": not what a scan has left");
}

}  // namespace
}  // namespace peercert::scan
