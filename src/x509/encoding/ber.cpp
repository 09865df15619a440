// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <peercert/der/ber.hpp>
#include <peercert/der/values.hpp>
#include <peercert/x509/ber.hpp>

#include "x509/oids.hpp"

namespace peercert {
namespace {

using der::BerElement;
using der::context_constructed;

// Deeper than any structure that the parser looks into; below it only ANY values can be.
constexpr int kMaxDepth = 16;

// ANY may be the empty string with the reserved tag 0. With the minimal length its bytes would be
// the end of an indefinite length, which OpenSSL refuses here; the long form is an element.
constexpr std::array<std::uint8_t, 3> kEmptyTag0{0x00, 0x81, 0x00};

// Where in the certificate an element stands: under IMPLICIT tags only that tells a string in
// segments from a structure.
enum class Place {
  certificate,              // its first child is the TBSCertificate
  structure,                // certificate, names, algorithms: all strings have their universal tags
  tbs_certificate,          // [1] and [2] are BIT STRINGs
  explicit_extensions,      // [3] holds one SEQUENCE OF Extension
  extensions,               // SEQUENCE OF Extension
  extension,                // its OCTET STRING holds a structure of its own
  opaque,                   // an extension that is not read
  general_names,            // SEQUENCE OF GeneralName
  general_name,             // [1], [2], [6] and [7] are strings
  access_descriptions,      // SEQUENCE OF AccessDescription
  access_description,       // holds a GeneralName
  distribution_points,      // SEQUENCE OF DistributionPoint
  distribution_point,       // [0] DistributionPointName, [1] BIT STRING, [2] GeneralNames
  distribution_point_name,  // [0] GeneralNames, [1] RelativeDistinguishedName
};

Place place_of_extension_value(Bytes oid) noexcept {
  if (oids::equal(oid, oids::kSubjectAltName)) return Place::general_names;
  if (oids::equal(oid, oids::kAuthorityInfoAccess)) return Place::access_descriptions;
  if (oids::equal(oid, oids::kCrlDistributionPoints)) return Place::distribution_points;
  return Place::opaque;
}

Place child_place(Place parent, der::Tag child) noexcept {
  const der::Tag constructed = child | der::kConstructed;
  switch (parent) {
    case Place::certificate: return Place::tbs_certificate;
    case Place::tbs_certificate:
      return constructed == context_constructed(3) ? Place::explicit_extensions : Place::structure;
    case Place::explicit_extensions: return Place::extensions;
    case Place::extensions: return Place::extension;
    case Place::general_names: return Place::general_name;
    case Place::access_descriptions: return Place::access_description;
    case Place::access_description: return Place::general_name;
    case Place::distribution_points: return Place::distribution_point;
    case Place::distribution_point:
      return constructed == context_constructed(2) ? Place::general_names
                                                   : Place::distribution_point_name;
    case Place::distribution_point_name:
      return constructed == context_constructed(0) ? Place::general_names : Place::structure;
    default: return Place::structure;
  }
}

// Whether the constructed element is a string in segments.
bool is_segmented(const BerElement& element, Place parent) noexcept {
  const der::Tag tag = element.identifier;
  if (!(tag & der::kConstructed)) return false;
  if ((tag & der::kNumberMask) == der::kHighTagNumber) return false;
  if (der::is_universal(tag)) {
    return tag != der::kSequence && tag != der::kSet && der::is_string_type(tag & der::kNumberMask);
  }
  const int number = tag & der::kNumberMask;
  switch (parent) {
    case Place::tbs_certificate: return number == 1 || number == 2;
    case Place::general_names:
    case Place::access_description: return number == 1 || number == 2 || number == 6 || number == 7;
    case Place::distribution_point: return number == 1;
    default: return false;
  }
}

// Whether the element holds others. OpenSSL does not look at the constructed bit of a SEQUENCE OF
// or SET OF, nor of the IMPLICIT tag in its place.
bool is_container(der::Tag tag, Place parent) noexcept {
  const der::Tag constructed = tag | der::kConstructed;
  if (tag == constructed || constructed == der::kSequence || constructed == der::kSet) return true;
  switch (parent) {
    case Place::distribution_point: return constructed == context_constructed(2);
    case Place::distribution_point_name:
      return constructed == context_constructed(0) || constructed == context_constructed(1);
    default: return false;
  }
}

// NOLINTBEGIN(misc-no-recursion): kMaxDepth bounds it, inside an extension's value once more.
class Rewriter {
 public:
  Der take() { return std::move(out_); }

  void element(const BerElement& element, Place place, Place parent, int depth) {
    const std::size_t start = out_.size();
    if (is_segmented(element, parent)) {
      if (segments(element)) return;
    } else if (is_container(element.identifier, parent) && depth < kMaxDepth) {
      if (children(element.content, place, depth + 1)) {
        der::insert_header(out_, start, element.identifier_octets);
        return;
      }
    }
    out_.resize(start);
    copy(element);
  }

 private:
  bool segments(const BerElement& element) {
    const std::size_t start = out_.size();
    if (der::append_segments(element.content, out_) != Errc::ok) return false;
    const der::Tag primitive = element.identifier & static_cast<der::Tag>(~der::kConstructed);
    if (primitive == 0 && out_.size() == start) {
      out_.insert(out_.end(), kEmptyTag0.begin(), kEmptyTag0.end());
    } else {
      der::insert_header(out_, start, Bytes(&primitive, 1));
    }
    return true;
  }

  bool children(Bytes content, Place parent, int depth) {
    const std::uint8_t* at = content.data();
    const std::uint8_t* const end = at + content.size();
    Place value_place = Place::opaque;
    while (at != end) {
      BerElement child;
      if (der::read_ber_element(at, end, child) != Errc::ok) return false;
      const bool is_value = (child.identifier & ~der::kConstructed) == der::kOctetString;
      if (parent == Place::extension && child.identifier == der::kOid) {
        value_place = place_of_extension_value(child.content);
      }
      if (parent == Place::extension && is_value) {
        if (!extension_value(child, value_place)) return false;
      } else {
        element(child, child_place(parent, child.identifier), parent, depth);
      }
    }
    return true;
  }

  // The OCTET STRING in one piece, and the structure inside it rewritten. Octets behind that
  // structure are kept: they are not looked at.
  bool extension_value(const BerElement& octet_string, Place place) {
    Der value;
    if (octet_string.identifier & der::kConstructed) {
      if (der::append_segments(octet_string.content, value) != Errc::ok) return false;
    } else {
      value.assign(octet_string.content.begin(), octet_string.content.end());
    }
    const std::size_t start = out_.size();
    const std::uint8_t* at = value.data();
    const std::uint8_t* const end = at + value.size();
    BerElement structure;
    if (place != Place::opaque && der::read_ber_element(at, end, structure) == Errc::ok) {
      element(structure, place, Place::structure, 0);
    }
    out_.insert(out_.end(), at, end);
    der::insert_header(out_, start, Bytes(&der::kOctetString, 1));
    return true;
  }

  void copy(const BerElement& element) {
    const std::size_t start = out_.size();
    const Bytes octets = element.indefinite ? element.content : element.encoded;
    out_.insert(out_.end(), octets.begin(), octets.end());
    if (element.indefinite) der::insert_header(out_, start, element.identifier_octets);
  }

  Der out_;
};
// NOLINTEND(misc-no-recursion)

}  // namespace

Der rewrite_ber(Bytes certificate) {
  const std::uint8_t* at = certificate.data();
  BerElement element;
  if (der::read_ber_element(at, at + certificate.size(), element) != Errc::ok) {
    return Der(certificate.begin(), certificate.end());
  }
  Rewriter rewriter;
  rewriter.element(element, Place::certificate, Place::structure, 0);
  return rewriter.take();
}

}  // namespace peercert
