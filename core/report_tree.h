// A catalogue's fields as the tree of the report: objects in the order of their first field.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"

namespace candor {

struct ReportNode {
  std::string key;                          // One step, unescaped; "*" for an open key.
  std::string pointer;                      // From the root, as in the catalogue.
  const Field* field = nullptr;             // Set in leaves only.
  const KeyPattern* key_pattern = nullptr;  // Of an open key: its first field's.
  std::optional<ObjectRule::Empty> empty;   // What stands for an object with no known field.
  std::vector<ReportNode> children;
};

class ReportTree {
 public:
  // `catalogue` is borrowed and must outlive the tree.
  explicit ReportTree(const Catalogue& catalogue);
  const ReportNode& root() const { return root_; }

 private:
  ReportNode root_;
};

// The steps of a JSON pointer, unescaped: "/a~1b/c" gives "a/b", "c".
std::vector<std::string> PointerSteps(std::string_view pointer);

}  // namespace candor
