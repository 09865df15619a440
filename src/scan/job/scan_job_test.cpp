// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <istream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <peercert/scan/scan_job.hpp>
#include <peercert/ssl/error.hpp>
#include <peercert/ssl/socket.hpp>

#include "scan/outputs/sqlite_database.hpp"
#include "support/scratch.hpp"

namespace peercert::scan {
namespace {

/// The target of a server to which nobody ever answers.
class UnansweredServer {
 public:
  std::string line() const {
    return "127.0.0.1:" + std::to_string(listener_.getsockname().port) + "\n";
  }

 private:
  ssl::Socket listener_ = ssl::create_server("127.0.0.1", 0);
};

/// The line of a target that refuses connections.
std::string refused_line() {
  return "127.0.0.1:" + std::to_string(ssl::create_server("127.0.0.1", 0).getsockname().port) +
         "\n";
}

std::string repeated(const std::string& line, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += line;
  return lines;
}

/// What an output holds.
struct Written {
  std::vector<std::uint64_t> indices;
  bool was_opened = false;
};

class MemorySink final : public Sink {
 public:
  explicit MemorySink(Written& written) : written_(written) {}
  void write(const RecordView& view) override {
    written_.indices.push_back(view.record().target.index);
  }
  std::string commit() override { return std::to_string(written_.indices.size()); }
  void rewind(std::string_view committed) override {
    written_.indices.resize(committed.empty() ? 0 : std::stoull(std::string(committed)));
  }
  void close() override {}

 private:
  Written& written_;
};

class FullDiskSink final : public Sink {
 public:
  void write(const RecordView&) override {
    throw std::system_error(ENOSPC, std::generic_category(), "FILE");
  }
  std::string commit() override { return "0"; }
  void rewind(std::string_view) override {}
  void close() override {}
};

JobOutput memory_output(Written& written) {
  return {"memory", [&written] {
            written.was_opened = true;
            return std::make_unique<MemorySink>(written);
          }};
}

ScanJobOptions job_of(std::istream& lines, Written& written, const std::string& resume = {}) {
  ScanJobOptions options;
  options.stream = &lines;
  options.engine.mode = ScanMode::present_only;
  options.engine.threads = 1;
  options.outputs = {memory_output(written)};
  options.resume = resume;
  return options;
}

/// Runs a job that ends itself at the first line that is no target.
ScanResult run_to_bad_line(ScanJobOptions options) {
  ScanJob* self = nullptr;
  options.on_bad_line = [&self](const BadLine&) { self->stop(); };
  ScanJob job(std::move(options));
  self = &job;
  return job.run();
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> indices) {
  std::ranges::sort(indices);
  return indices;
}

std::vector<std::uint64_t> up_to(std::uint64_t count) {
  std::vector<std::uint64_t> indices;
  for (std::uint64_t i = 0; i < count; ++i) indices.push_back(i);
  return indices;
}

std::string state_error_of(ScanJobOptions options) {
  try {
    ScanJob(std::move(options)).run();
    return "accepted";
  } catch (const StateError& error) {
    return error.what();
  }
}

TEST(ScanJob, HasARecordOfEachTargetAndTellsBadLines) {
  const Scratch scratch;
  const std::string line = refused_line(), state = scratch / "state";
  std::vector<std::uint64_t> bad_lines;
  ScanJobOptions options{.input = scratch.write("targets", line + "a b\n" + line + "c d\n")};
  options.outputs = {file_output(scratch / "out.jsonl"), file_output(scratch / "out.csv"),
                     certificate_output(scratch / "certificates.pem")};
  options.resume = state;
  options.on_bad_line = [&](const BadLine& bad) { bad_lines.push_back(bad.line); };
  ScanJob job(std::move(options));
  const ScanResult result = job.run();
  EXPECT_TRUE(result.is_complete);
  EXPECT_EQ(result.figures.records.targets, 2U);
  EXPECT_EQ(result.figures.records.of(ErrorClass::refused), 2U);
  EXPECT_EQ(result.figures.bad_lines, 2U);
  EXPECT_EQ(result.figures.in_flight, 0U);
  EXPECT_EQ(result.figures.read, 2 * line.size() + 8);
  EXPECT_EQ(result.figures.size, result.figures.read);
  EXPECT_EQ(bad_lines, (std::vector<std::uint64_t>{2, 4}));
  const std::string text = scratch.read("out.jsonl");
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
  EXPECT_TRUE(std::filesystem::exists(scratch / "certificates.pem"));
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST(ScanJob, GoesOnWhereItWasStopped) {
  const Scratch scratch;
  const std::string line = refused_line(), state = scratch / "state";
  const std::string lines = repeated(line, 20) + "a b\n" + repeated(line, 15);
  Written written;
  std::istringstream first(lines), second(lines);
  EXPECT_FALSE(run_to_bad_line(job_of(first, written, state)).is_complete);
  EXPECT_EQ(sorted(written.indices), up_to(20));
  EXPECT_TRUE(std::filesystem::exists(state));
  written.indices.push_back(77);  // after the last commit, as of a process that was killed
  const ScanResult result = ScanJob(job_of(second, written, state)).run();
  EXPECT_TRUE(result.is_complete);
  EXPECT_EQ(result.figures.records.targets, 15U);
  EXPECT_EQ(sorted(written.indices), up_to(35));
  EXPECT_FALSE(std::filesystem::exists(state));
}

std::int64_t num_finished_runs(const std::string& path) {
  SqliteDatabase database(path);
  return database.number("SELECT count(*) FROM runs WHERE finished IS NOT NULL");
}

TEST(ScanJob, HasFinishedARunOnceAllTargetsAre) {
  const Scratch scratch;
  const std::string line = refused_line(), state = scratch / "state", database = scratch / "a.db";
  const std::string lines = line + "a b\n" + line;
  Written written;
  std::istringstream first(lines), second(lines), third(line), fourth(line);
  const auto into_database = [&](std::istream& targets, const std::string& resume) {
    ScanJobOptions options = job_of(targets, written, resume);
    options.outputs.push_back(file_output(database));
    return options;
  };
  EXPECT_FALSE(run_to_bad_line(into_database(first, state)).is_complete);
  EXPECT_EQ(num_finished_runs(database), 0);
  EXPECT_TRUE(ScanJob(into_database(second, state)).run().is_complete);
  EXPECT_EQ(num_finished_runs(database), 1);
  ScanJobOptions full_disk = into_database(third, {});
  full_disk.outputs.push_back({"full", [] { return std::make_unique<FullDiskSink>(); }});
  EXPECT_THROW(ScanJob(std::move(full_disk)).run(), std::system_error);
  EXPECT_EQ(num_finished_runs(database), 1);
  EXPECT_TRUE(ScanJob(into_database(fourth, {})).run().is_complete);
  EXPECT_EQ(num_finished_runs(database), 2);
}

std::atomic<ScanJob*> job_of_handler = nullptr;

// The handler runs on the very thread that waits for the input.
TEST(ScanJob, IsStoppedByASignalHandlerWhileItWaitsForItsInput) {
  const Scratch scratch;
  const std::string fifo = scratch / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  Written written;
  std::istringstream unused;
  ScanJobOptions options = job_of(unused, written);
  options.stream = nullptr;
  options.input = fifo;
  ScanJob job(std::move(options));
  job_of_handler = &job;
  const auto before = std::signal(SIGUSR1, [](int) { job_of_handler.load()->stop(); });
  ScanResult result{.is_complete = true};
  std::thread runner([&] { result = job.run(); });
  std::ofstream writer(fifo);
  writer << refused_line() << "127.0.0.1" << std::flush;  // and its port never comes
  while (job.figures().records.targets == 0) std::this_thread::yield();
  pthread_kill(runner.native_handle(), SIGUSR1);
  runner.join();
  std::signal(SIGUSR1, before);
  EXPECT_FALSE(result.is_complete);
  EXPECT_EQ(written.indices, up_to(1));
}

TEST(ScanJob, StopsBeforeItHasBegun) {
  Written written{.indices = {5}};
  std::istringstream lines(refused_line());
  ScanJob job(job_of(lines, written));
  job.stop();
  const ScanResult result = job.run();
  EXPECT_FALSE(result.is_complete);
  EXPECT_EQ(result.figures.records.targets, 0U);
  EXPECT_EQ(written.indices, (std::vector<std::uint64_t>{5}));  // as before
}

TEST(ScanJob, WaitsForWhatIsInFlightUnlessItIsAbandoned) {
  const UnansweredServer server;
  Written written;
  std::istringstream lines(server.line());
  ScanJob job(job_of(lines, written));
  ScanResult result{.is_complete = true};
  std::thread runner([&] { result = job.run(); });
  while (job.figures().in_flight == 0) std::this_thread::yield();
  job.stop();
  EXPECT_EQ(job.figures().in_flight, 1U);
  job.abandon();
  runner.join();
  EXPECT_FALSE(result.is_complete);
  EXPECT_TRUE(written.indices.empty());
}

// Otherwise it would be told of a full disk when somebody writes the next line.
TEST(ScanJob, EndsWithAFailedOutputWhileItWaitsForItsInput) {
  const Scratch scratch;
  const std::string fifo = scratch / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  ScanJobOptions options{.input = fifo};
  options.outputs = {{"full", [] { return std::make_unique<FullDiskSink>(); }}};
  ScanJob job(std::move(options));
  std::string told;
  std::thread runner([&] {
    try {
      job.run();
    } catch (const std::system_error& error) {
      told = error.what();
    }
  });
  std::ofstream writer(fifo);
  writer << refused_line() << std::flush;
  runner.join();
  EXPECT_EQ(told, "FILE: No space left on device");
}

TEST(ScanJob, RefusesTheStateOfOtherOptionsByTheirNames) {
  const Scratch scratch;
  const std::string line = refused_line(), state = scratch / "state";
  Written written;
  std::istringstream first(line + "a b\n" + line), second(line);
  ASSERT_FALSE(run_to_bad_line(job_of(first, written, state)).is_complete);
  ScanJobOptions options = job_of(second, written, state);
  options.engine.retries = 3;
  EXPECT_EQ(state_error_of(options), state +
                                         ": it is of another scan: engine.retries was \"0\" and is "
                                         "\"3\"; remove it to begin anew");
  options.name_of = [](std::string_view member) {
    return member == "engine.retries" ? std::string("--retries") : std::string(member);
  };
  EXPECT_EQ(state_error_of(options), state +
                                         ": it is of another scan: --retries was \"0\" and is "
                                         "\"3\"; remove it to begin anew");
  EXPECT_EQ(written.indices, up_to(1));
}

TEST(ScanJob, RefusesAStateThatHasMoreFinishedThanTheInput) {
  const Scratch scratch;
  const std::string line = refused_line(), state = scratch / "state";
  Written written;
  std::istringstream first(repeated(line, 3) + "a b\n" + line), second(line);
  ASSERT_FALSE(run_to_bad_line(job_of(first, written, state)).is_complete);
  EXPECT_EQ(state_error_of(job_of(second, written, state)),
            state + ": has more targets as finished than the input has; remove it to begin anew");
  EXPECT_TRUE(std::filesystem::exists(state));
}

TEST(ScanJob, IsTheOnlyOneWithItsState) {
  const Scratch scratch;
  const std::string state = scratch / "state";
  Written written;
  std::istringstream lines;
  const ScanJob job(job_of(lines, written, state));
  EXPECT_THROW(ScanJob{job_of(lines, written, state)}, std::invalid_argument);
}

/// Why a job refuses its files. A state that is empty is none.
std::string refusal_of(const std::string& input, std::vector<JobOutput> outputs,
                       const std::string& state = {}) {
  ScanJobOptions options{.input = input};
  options.outputs = std::move(outputs);
  options.resume = state;
  try {
    const ScanJob job(std::move(options));
    return "accepted";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(ScanJob, HasOneUseForEachFile) {
  const Scratch scratch;
  const std::string input = scratch.write("targets", "a b\n"), state = scratch / "state";
  const std::string link = scratch / "link", out = scratch / "out.jsonl";
  const OutputOptions lines{.format = OutputFormat::jsonl};
  const std::string refused = ": has another use, too";
  std::filesystem::create_hard_link(input, link);
  EXPECT_EQ(refusal_of(input, {file_output(link, lines)}), link + refused);
  EXPECT_EQ(refusal_of(input, {certificate_output(link)}), link + refused);
  EXPECT_EQ(refusal_of(input, {file_output(out)}, link), link + refused);
  EXPECT_EQ(refusal_of(input, {file_output(out), certificate_output(out)}), out + refused);
  EXPECT_EQ(refusal_of(input, {file_output(out), file_output(scratch / "./out.jsonl")}),
            (scratch / "./out.jsonl").string() + refused);
  EXPECT_EQ(refusal_of(input, {file_output(out)}, out), out + refused);
  std::filesystem::create_symlink("out.jsonl", scratch / "other.jsonl");  // and no out.jsonl yet
  EXPECT_EQ(refusal_of(input, {file_output(scratch / "other.jsonl"), certificate_output(out)}),
            out + refused);
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_FALSE(std::filesystem::exists(state));
  EXPECT_EQ(scratch.read("targets"), "a b\n");
  EXPECT_EQ(refusal_of(input, {file_output(out), certificate_output(scratch / "all.pem")}, state),
            "accepted");
}

// A database and a state have files of their own next to them.
TEST(ScanJob, HasNoOtherUseForTheFilesNextToAnother) {
  const Scratch scratch;
  const std::string input = scratch.write("targets", "a b\n");
  const OutputOptions lines{.format = OutputFormat::jsonl};
  std::filesystem::create_directory_symlink(".", scratch / "folder");
  const auto is_refused = [](const std::string& told) {
    return told.ends_with(": has another use, too");
  };
  for (const std::string suffix : {"-wal", "-shm", "-journal", ".lock"}) {
    const std::string database = scratch / "a.db", side = scratch / ("folder/a.db" + suffix);
    EXPECT_PRED1(is_refused, refusal_of(input, {file_output(database)}, side));
    EXPECT_PRED1(is_refused, refusal_of(input, {file_output(side, lines), file_output(database)}));
    EXPECT_PRED1(is_refused, refusal_of(input, {file_output(database), certificate_output(side)}));
    scratch.write("a.db" + suffix, "");
    EXPECT_PRED1(is_refused, refusal_of(side, {file_output(database)}));
    std::filesystem::remove(side);
    EXPECT_FALSE(std::filesystem::exists(database));
    EXPECT_EQ(refusal_of(input, {file_output(scratch / "a.csv"),
                                 file_output(scratch / ("a.csv" + suffix), lines)}),
              "accepted");
  }
  std::filesystem::create_symlink("a.db", scratch / "b.db");
  EXPECT_PRED1(is_refused,
               refusal_of(input, {file_output(scratch / "b.db")}, scratch / "a.db-wal"));
  for (const std::string suffix : {".new", ".lock"}) {
    const std::string state = scratch / "state", side = scratch / ("folder/state" + suffix);
    EXPECT_PRED1(is_refused, refusal_of(input, {file_output(side, lines)}, state));
    scratch.write("state" + suffix, "");
    EXPECT_PRED1(is_refused, refusal_of(side, {file_output(scratch / "a.csv")}, state));
    std::filesystem::remove(side);
  }
}

TEST(ScanJob, OpensNoOutputIfAnythingElseIsWrong) {
  const Scratch scratch;
  Written written;
  std::istringstream lines;
  ScanJobOptions options = job_of(lines, written);
  options.engine.tls.trust.cafile = scratch / "nowhere";
  EXPECT_ANY_THROW(ScanJob{options});
  options = job_of(lines, written);
  options.targets = {.column = "a", .field = "b"};
  EXPECT_THROW(ScanJob{options}, ssl::ValueError);
  options = job_of(lines, written, scratch.write("state", "no state\n"));
  EXPECT_THROW(ScanJob{options}, std::invalid_argument);
  EXPECT_FALSE(written.was_opened);
}

TEST(ScanJob, LeavesOutputsAloneIfTheHeaderIsWrong) {
  Written written{.indices = {5}};
  std::istringstream lines("name,port\na.example,443\n");
  ScanJobOptions options = job_of(lines, written);
  options.targets.column = "host";
  ScanJob job(std::move(options));
  EXPECT_THROW(job.start(), ssl::ValueError);
  EXPECT_EQ(written.indices, (std::vector<std::uint64_t>{5}));
}

TEST(ScanJob, LooksOnlyAtWhatItsListsAllow) {
  const Scratch scratch;
  Written written;
  std::istringstream lines(refused_line());
  ScanJobOptions options = job_of(lines, written);
  options.networks = NetworkLists({}, {scratch.write("deny", "127.0.0.0/8\n")});
  EXPECT_EQ(ScanJob(std::move(options)).run().figures.records.of(ErrorClass::denied), 1U);
}

TEST(ScanJob, LeavesDescriptorsForItsOutputs) {
  Written written;
  std::istringstream lines;
  ScanJobOptions options = job_of(lines, written);
  options.engine.concurrency = SIZE_MAX;
  const std::size_t with_one = ScanJob(options).concurrency();
  options.outputs.push_back(memory_output(written));
  EXPECT_LT(ScanJob(options).concurrency(), with_one);
}

}  // namespace
}  // namespace peercert::scan
