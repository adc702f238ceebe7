// What stands in for a host and for heavy parts of libc, so that the module imports nothing and
// stays small. Linked into the WebAssembly module only.

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

namespace {

// 2^1024 - 2^970: the least number that rounds to infinity as a double, 309 digits.
constexpr char kOverflow[] =
    "17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901797"
    "75872070963302864166928879109465555478519404026306574886715058206819089020007083836762738548"
    "45817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711"
    "559699508093042880177904174497792";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether the JSON number `text` (without its sign) is at least kOverflow.
bool Overflows(const char* text) {
  const char* first = text;  // The first significant digit.
  while (*first == '0' || *first == '.') ++first;
  if (!IsDigit(*first)) return false;
  const char* point = text;
  while (IsDigit(*point)) ++point;
  const char* end = first;
  while (IsDigit(*end) || *end == '.') ++end;
  // The power of ten of the first digit; the exponent is cut where it cannot matter any more.
  std::int64_t power = first < point ? point - first - 1 : point - first;
  if (*end == 'e' || *end == 'E') {
    ++end;
    const bool negative = *end == '-';
    if (*end == '-' || *end == '+') ++end;
    std::int64_t exponent = 0;
    for (; IsDigit(*end); ++end) {
      if (exponent < (std::int64_t{1} << 40)) exponent = exponent * 10 + (*end - '0');
    }
    power += negative ? -exponent : exponent;
  }
  constexpr std::int64_t kPower = sizeof(kOverflow) - 2;
  if (power != kPower) return power > kPower;
  for (const char* limit = kOverflow; *limit != '\0'; ++limit, ++first) {
    if (*first == '.') ++first;
    const char digit = IsDigit(*first) ? *first : '0';
    if (digit != *limit) return digit > *limit;
    if (!IsDigit(*first)) --first;  // Stay: only zeros follow.
  }
  return true;
}

}  // namespace

extern "C" {

// Where abort() ends. The caller sees a trap and throws the instance away.
[[noreturn]] void __wasi_proc_exit(std::uint32_t) { __builtin_trap(); }

// Emscripten tells its own loader that memory grew; ours looks at the memory anew after each call.
void emscripten_notify_memory_growth(std::size_t) {}

// Only nlohmann's lexer calls this, with a JSON number, and json_reader keeps the text: all that is
// asked of the value is whether it is finite. libc's own weighs a fifth of the module.
double strtod(const char* text, char** end) {
  const bool negative = *text == '-';
  const double value = Overflows(text + negative) ? std::numeric_limits<double>::infinity() : 0.0;
  *end = const_cast<char*>(text) + std::strlen(text);
  return negative ? -value : value;
}

// libc has these in one object with strtod, and libc++ names them without calling them.
float strtof(const char*, char**) { __builtin_trap(); }
long double strtold(const char*, char**) { __builtin_trap(); }

// Only nlohmann's lexer calls this, to quote a control character in a message; libc's own would
// bring the printing of floating-point numbers.
int snprintf(char* out, std::size_t size, const char* format, ...) {
  if (std::strcmp(format, "<U+%.4X>") != 0 || size < 9) __builtin_trap();
  va_list arguments;
  va_start(arguments, format);
  const unsigned character = va_arg(arguments, unsigned);
  va_end(arguments);
  std::memcpy(out, "<U+0000>", 9);
  for (int i = 0; i < 4; ++i) out[6 - i] = "0123456789ABCDEF"[character >> (4 * i) & 15];
  return 8;
}
}
