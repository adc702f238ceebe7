// What the admin API's contract says of every request: which route it takes, who may, and what each
// hostile variant of it gets. Written down here, apart from the table of routes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace candor {

struct TableRow {
  std::string method, path, role;  // "public", "viewer" or "superuser"
};

enum class TableWant { kAsWithout, kStatus, kNoToken, kNoBody, kNoIfMatch };

struct TableVariant {
  std::string name;
  TableWant want = TableWant::kAsWithout;  // kAsWithout: as the plain request.
  int status = 0;                          // Where the variant alone decides.
  std::string headers = {};                // On top.
  std::string host = "\r\n";               // Instead of the right one.
};

struct TableRequest {
  TableRow row;
  std::string method, who;
  TableVariant variant;

  std::string Name() const;
  // 200: it is let in.
  int Expected() const;
};

// What somebody brings: headers with their CRLF.
struct TableKeys {
  std::string signs_in, token;
};

const std::vector<TableRow>& TableRows();
// All of them, for a server at `at`: every row as everybody in every variant, and every other
// method.
void ForEveryTableRequest(const std::string& at,
                          const std::function<void(const TableRequest&)>& ask);
std::string TableText(const TableRequest& request, const std::string& at,
                      const std::map<std::string, TableKeys>& keys);

}  // namespace candor
