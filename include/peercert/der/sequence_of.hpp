// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>

#include <peercert/der/element.hpp>

namespace peercert::der {

/// A lazy SEQUENCE OF or SET OF: a range that decodes each T as the iteration comes to it.
/// T has `static T from_element(const Element&)`. Borrows the DER. The elements were checked when
/// the certificate was parsed, so iteration cannot fail; over unchecked bytes it ends at the first
/// element that does not fit.
template <class T>
class SequenceOf {
 public:
  class iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    iterator() = default;
    explicit iterator(Bytes content) noexcept
        : at_(content.data()), end_(content.data() + content.size()) {
      load();
    }

    T operator*() const noexcept { return T::from_element(element_); }
    const Element& element() const noexcept { return element_; }
    iterator& operator++() noexcept {
      load();
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator before = *this;
      load();
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept {
      return a.element_.encoded().data() == b.element_.encoded().data();
    }
    friend bool operator==(const iterator& it, std::default_sentinel_t) noexcept {
      return !it.element_.exists();
    }

   private:
    void load() noexcept {
      if (at_ == end_ || read_element(at_, end_, element_) != Errc::ok) element_ = {};
    }

    const std::uint8_t* at_ = nullptr;
    const std::uint8_t* end_ = nullptr;
    Element element_{};
  };

  SequenceOf() = default;
  /// The content bytes of the SEQUENCE OF or SET OF.
  explicit SequenceOf(Bytes content) noexcept : content_(content) {}
  static SequenceOf from_element(const Element& element) noexcept {
    return SequenceOf(element.content());
  }

  iterator begin() const noexcept { return iterator(content_); }
  std::default_sentinel_t end() const noexcept { return {}; }
  bool empty() const noexcept { return content_.empty(); }
  /// The content bytes.
  Bytes content() const noexcept { return content_; }

 private:
  Bytes content_{};
};

}  // namespace peercert::der
