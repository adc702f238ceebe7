#include "native/admin/handlers/components_handler.h"

#include <optional>
#include <utility>

#include "native/admin/handlers/refusals.h"
#include "native/http/problem.h"
#include "native/scrape/collection_text.h"
#include "native/scrape/metric_query.h"

namespace candor {

HttpAnswer ReadComponents(AdminTarget& target) {
  AdminComponents* const components = target.components();
  if (components == nullptr || !components->AreAsked()) {
    return ProblemAnswer(404, "no components are asked: none are configured, or telemetry is off");
  }
  if (const std::shared_ptr<const Collection> last = components->Last()) {
    return JsonAnswer(ComponentsJson(*last));
  }
  return TryAgain(503, "the components are being asked for the first time", 1);
}

HttpAnswer ReadMetrics(AdminTarget& target, const AdminRequest& request) {
  const Result<MetricQuery> query = ReadMetricQuery(request.query);
  if (!query.ok()) return ProblemAnswer(400, "the query is not understood", query.problems());
  AdminComponents* const components = target.components();
  MetricHistory* const history = components == nullptr ? nullptr : components->History();
  std::optional<std::string> json;
  if (history != nullptr) json = history->Json(query.value().component, query.value().since);
  if (!json) return ProblemAnswer(404, "nothing is known of such a component");
  return JsonAnswer(*std::move(json));
}

}  // namespace candor
