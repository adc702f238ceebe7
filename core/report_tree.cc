#include "core/report_tree.h"

#include "core/json_value.h"

namespace candor {
namespace {

ReportNode& ChildOf(ReportNode& parent, const std::string& key) {
  for (ReportNode& child : parent.children) {
    if (child.key == key) return child;
  }
  ReportNode child;
  child.key = key;
  child.pointer = parent.pointer + PointerStep(key);
  parent.children.push_back(std::move(child));
  return parent.children.back();
}

ReportNode* FindNode(ReportNode& root, std::string_view pointer) {
  ReportNode* at = &root;
  for (const std::string& step : PointerSteps(pointer)) {
    ReportNode* next = nullptr;
    for (ReportNode& child : at->children) {
      if (child.key == step) next = &child;
    }
    if (next == nullptr) return nullptr;
    at = next;
  }
  return at;
}

}  // namespace

ReportTree::ReportTree(const Catalogue& catalogue) {
  for (const Field& field : catalogue.fields) {
    ReportNode* at = &root_;
    for (const std::string& step : PointerSteps(field.pointer)) {
      at = &ChildOf(*at, step);
      if (step == "*" && at->key_pattern == nullptr) at->key_pattern = &field.key_pattern;
    }
    at->field = &field;
  }
  for (const ObjectRule& rule : catalogue.objects) {
    ReportNode* node = FindNode(root_, rule.pointer);
    if (node != nullptr && node->field == nullptr && !node->empty.has_value()) {
      node->empty = rule.empty;
    }
  }
}

std::vector<std::string> PointerSteps(std::string_view pointer) {
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      steps.emplace_back();
    } else if (!steps.empty()) {
      const bool escaped = pointer[i] == '~' && i + 1 < pointer.size();
      if (escaped) ++i;
      steps.back() += !escaped ? pointer[i] : pointer[i] == '1' ? '/' : '~';
    }
  }
  return steps;
}

}  // namespace candor
