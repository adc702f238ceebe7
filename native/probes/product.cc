#include "native/probes/product.h"

#include <utility>

#include "core/text.h"

namespace candor {

bool IsProductText(std::string_view text) {
  return !text.empty() && text.size() <= kMaxProductBytes &&
         Quotable(text, kMaxProductBytes) == text;
}

Error NoAnswer(std::string why) { return {ErrorCode::kUnavailable, "", std::move(why)}; }

}  // namespace candor
