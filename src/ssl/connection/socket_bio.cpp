// SPDX-License-Identifier: Apache-2.0
#include "ssl/connection/socket_bio.hpp"

#include <cerrno>
#include <new>

#include <sys/socket.h>

namespace peercert::ssl {

namespace {

constexpr int kSetDeadline = 1 << 20;  // a command of our own, far from OpenSSL's

struct State {
  int fd;
  Deadline deadline;
};

State& state_of(BIO* bio) noexcept { return *static_cast<State*>(BIO_get_data(bio)); }

bool is_retriable(int error) noexcept {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

int write_socket(BIO* bio, const char* data, std::size_t len, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const State& state = state_of(bio);
  if (state.deadline.has_passed()) {
    BIO_set_retry_write(bio);
    return 0;
  }
  const ssize_t sent = ::send(state.fd, data, len, MSG_NOSIGNAL);
  if (sent < 0) {
    if (is_retriable(errno)) BIO_set_retry_write(bio);
    return 0;
  }
  *written = static_cast<std::size_t>(sent);
  return 1;
}

int read_socket(BIO* bio, char* into, std::size_t len, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const State& state = state_of(bio);
  if (state.deadline.has_passed()) {
    BIO_set_retry_read(bio);
    return 0;
  }
  const ssize_t received = ::recv(state.fd, into, len, 0);
  if (received > 0) {
    *read = static_cast<std::size_t>(received);
    return 1;
  }
  if (received == 0) {
    // What OpenSSL asks BIO_CTRL_EOF for, to tell a ragged end from other failures.
    BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  } else if (is_retriable(errno)) {
    BIO_set_retry_read(bio);
  }
  return 0;
}

long control_socket(BIO* bio, int command, long, void* argument) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    case BIO_C_GET_FD:
      if (argument != nullptr) *static_cast<int*>(argument) = state_of(bio).fd;
      return state_of(bio).fd;
    case BIO_C_SET_FD: state_of(bio).fd = *static_cast<const int*>(argument); return 1;
    case kSetDeadline: state_of(bio).deadline = *static_cast<const Deadline*>(argument); return 1;
    default: return 0;
  }
}

int destroy_socket(BIO* bio) {
  delete static_cast<State*>(BIO_get_data(bio));
  return 1;
}

BIO_METHOD* make_method() noexcept {
  // The descriptor flag lets SSL_get_fd() find the socket.
  const int type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR;
  BIO_METHOD* method = BIO_meth_new(type, "socket without SIGPIPE");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write_ex(method, write_socket);
  BIO_meth_set_read_ex(method, read_socket);
  BIO_meth_set_ctrl(method, control_socket);
  BIO_meth_set_destroy(method, destroy_socket);
  return method;
}

}  // namespace

BioPtr make_socket_bio(int fd) noexcept {
  // Never freed: connections with static storage may outlive everything else.
  static BIO_METHOD* const method = make_method();
  BioPtr bio(method == nullptr ? nullptr : BIO_new(method));
  if (!bio) return nullptr;
  auto* const state = new (std::nothrow) State{fd, Deadline(std::nullopt)};
  if (state == nullptr) return nullptr;
  BIO_set_data(bio.get(), state);
  BIO_set_init(bio.get(), 1);
  return bio;
}

void forget_descriptor(BIO* bio) noexcept { BIO_set_fd(bio, -1, BIO_NOCLOSE); }

void set_deadline(BIO* bio, const Deadline& deadline) noexcept {
  Deadline copy = deadline;
  BIO_ctrl(bio, kSetDeadline, 0, &copy);
}

}  // namespace peercert::ssl
