// A small catalogue of every kind of field, for tests that change one thing of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/catalogue.h"

namespace candor {

inline std::string SmallCatalogue() {
  return R"({
  "catalogue": 1, "name": "shop", "version": "1.0", "title": "Shop", "description": "A shop.",
  "purposes": {"improve": "To improve.", "bill": "To bill."},
  "fields": [
    {"pointer": "/id", "type": "uuid", "group": "general", "title": "Id", "description": "An id.",
     "why": "To count.", "example": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3", "since": "1",
     "purposes": ["improve"], "required": true},
    {"pointer": "/shop/name", "type": "string", "group": "general", "title": "Name",
     "description": "A name.", "why": "To know.", "example": "Corner", "since": "1",
     "purposes": ["improve"], "maxBytes": 100, "withhold": true},
    {"pointer": "/shop/opened", "type": "date", "group": "environment", "title": "Opened",
     "description": "A day.", "why": "To know.", "example": "2026-11-21", "since": "1",
     "purposes": ["bill", "improve"], "precision": "day", "withhold": true, "missing": "null"},
    {"pointer": "/shop/open", "type": "boolean", "group": "environment", "title": "Open",
     "description": "A flag.", "why": "To know.", "example": true, "since": "1",
     "purposes": ["improve"], "withhold": true, "missing": {"literal": "Unknown"}},
    {"pointer": "/sold/*/count", "type": "count", "group": "usage", "title": "Sold",
     "description": "Sales.", "why": "To know.", "example": 3, "since": "1",
     "purposes": ["improve"], "keyPattern": "[a-z][a-z0-9]{0,15}", "withhold": true},
    {"pointer": "/balance", "type": "integer", "group": "usage", "title": "Balance",
     "description": "A balance.", "why": "To know.", "example": -3, "since": "1",
     "purposes": ["improve"], "withhold": true},
    {"pointer": "/tags", "type": "string-map", "group": "usage", "title": "Tags",
     "description": "Tags.", "why": "To know.", "example": {"a": "b"}, "since": "1",
     "purposes": ["improve"], "keyPattern": "[a-z][a-z]{0,7}", "withhold": true},
    {"pointer": "/load", "type": "decimal-text", "group": "usage", "title": "Load",
     "description": "A reading.", "why": "To know.", "example": "0.5", "since": "1",
     "purposes": ["improve"], "withhold": true},
    {"pointer": "/doors", "type": "string-list", "group": "usage", "title": "Doors",
     "description": "Doors.", "why": "To know.", "example": ["front"], "since": "1",
     "purposes": ["improve"], "withhold": true, "missing": {"literal": []}},
    {"pointer": "/points", "type": "data-points", "group": "usage", "title": "Points",
     "description": "Points.", "why": "To know.", "example": [], "since": "1",
     "purposes": ["improve"], "withhold": true, "points": [
       {"key": "component-count", "kind": "component-count", "title": "T", "description": "D",
        "why": "W", "since": "1", "unit": "1"},
       {"key": "sales", "kind": "usage", "components": ["till"], "title": "T", "description": "D",
        "why": "W", "since": "1", "unit": "1"},
       {"key": "queue_seconds", "components": ["till", "door"], "labels": ["lane", "side"],
        "title": "T", "description": "D", "why": "W", "since": "1", "unit": "seconds"},
       {"key": "up", "components": ["*"], "title": "T", "description": "D", "why": "W",
        "since": "1", "unit": "1"}]}
  ],
  "objects": {"/shop": "null", "/sold": "object"},
  "profiles": [
    {"name": "short", "description": "Less.", "order": ["/shop", "/id"]},
    {"name": "empty", "description": "Nothing.", "missing": {"": "null", "/shop/open": "omit"},
     "objects": {"/shop": "object"},
     "order": ["/id", {"pointer": "/sold", "always": {}}, "/shop/open", "/shop"]}
  ],
  "components": {"management": ["office"], "uncounted": ["bin"], "renamed": {"kasse": "till"}}
})";
}

// `text` with the first `from` replaced; fails the test when there is none.
inline std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline std::string Small(std::string_view from, std::string_view to) {
  return Replaced(SmallCatalogue(), from, to);
}

inline Catalogue Parsed(const std::string& json) {
  Result<Catalogue> catalogue = ParseCatalogue(json);
  if (!catalogue.ok()) {
    ADD_FAILURE() << catalogue.error().where << ": " << catalogue.error().message;
    return {};
  }
  return std::move(catalogue).value();
}

}  // namespace candor
