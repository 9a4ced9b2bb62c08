#include "Schemas.hpp"
#include <capnp/any.h>
#include <capnp/dynamic.h>
#include <capnp/serialize.h>
#include <cmath>
#include <cstdio>

namespace {

/// Writes JSON text and counts what it costs.
class Writer {
 public:
  explicit Writer(ccapnp_limits limits) : limits(limits) {}

  void value(const capnp::DynamicValue::Reader &value, capnp::Type type);
  void fields(const capnp::DynamicStruct::Reader &value);
  kj::Array<kj::byte> finish() {
    auto bytes = kj::heapArray<kj::byte>(text.size());
    memcpy(bytes.begin(), text.begin(), text.size());
    return bytes;
  }

 private:
  void member(bool &isFirst, kj::StringPtr name);
  void list(const capnp::DynamicList::Reader &list);
  void number(double number);
  void string(kj::ArrayPtr<const char> string);
  void data(capnp::Data::Reader data);
  void raw(kj::StringPtr piece) { append(piece.begin(), piece.size()); }
  void append(const char *bytes, size_t count) {
    KJ_REQUIRE(text.size() + count <= limits.text_bytes, "Message is too large: its text passes the limit");
    text.addAll(bytes, bytes + count);
  }
  void count(uint64_t more) {
    KJ_REQUIRE(more <= limits.values - values, "Message is too large: it holds too many values");
    values += more;
  }

  const ccapnp_limits limits;
  uint64_t values = 0;
  kj::Vector<char> text;
};

void Writer::member(bool &isFirst, kj::StringPtr name) {
  if (!isFirst) raw(",");
  isFirst = false;
  raw("\"");
  raw(snake_case(name));
  raw("\":");
}

void Writer::fields(const capnp::DynamicStruct::Reader &reader) {
  count(1);
  raw("{");
  bool isFirst = true;
  auto schema = reader.getSchema();
  for (auto field : schema.getNonUnionFields()) {
    bool isPointer = field.getProto().isSlot() &&
                     (field.getType().isText() || field.getType().isData() || field.getType().isList() ||
                      field.getType().isStruct());
    if (isPointer && !reader.has(field)) continue;
    member(isFirst, field.getProto().getName());
    value(reader.get(field), field.getType());
  }
  if (schema.getProto().getStruct().getDiscriminantCount() > 0) {
    KJ_IF_MAYBE(field, reader.which()) {
      member(isFirst, field->getProto().getName());
      value(reader.get(*field), field->getType());
    } else {
      auto section = capnp::AnyStruct::Reader(reader).getDataSection();
      size_t at = schema.getProto().getStruct().getDiscriminantOffset() * 2;
      unsigned tag = at + 1 < section.size() ? section[at] | section[at + 1] << 8 : 0;
      if (!isFirst) raw(",");
      raw(kj::str("\"?\":", tag));
    }
  }
  raw("}");
}

void Writer::list(const capnp::DynamicList::Reader &reader) {
  count(reader.size());
  raw("[");
  auto type = reader.getSchema().getElementType();
  for (unsigned index = 0; index < reader.size(); index++) {
    if (index > 0) raw(",");
    value(reader[index], type);
  }
  raw("]");
}

void Writer::value(const capnp::DynamicValue::Reader &reader, capnp::Type type) {
  count(1);
  switch (reader.getType()) {
    case capnp::DynamicValue::VOID: return raw("null");
    case capnp::DynamicValue::BOOL: return raw(reader.as<bool>() ? "true" : "false");
    case capnp::DynamicValue::INT: return raw(kj::str(reader.as<int64_t>()));
    case capnp::DynamicValue::UINT: return raw(kj::str(reader.as<uint64_t>()));
    case capnp::DynamicValue::FLOAT: return number(reader.as<double>());
    case capnp::DynamicValue::TEXT: return string(reader.as<capnp::Text>().asArray());
    case capnp::DynamicValue::DATA: return data(reader.as<capnp::Data>());
    case capnp::DynamicValue::LIST: return list(reader.as<capnp::DynamicList>());
    case capnp::DynamicValue::STRUCT: return fields(reader.as<capnp::DynamicStruct>());
    case capnp::DynamicValue::ENUM: {
      auto word = reader.as<capnp::DynamicEnum>();
      KJ_IF_MAYBE(enumerant, word.getEnumerant()) {
        auto name = snake_case(enumerant->getProto().getName());
        return string(name.asArray());
      }
      return raw(kj::str(word.getRaw()));
    }
    default: KJ_FAIL_REQUIRE("Message holds a value of a kind that is not read");
  }
}

void Writer::number(double number) {
  // JSON has no word for these; their names as text are no number to whoever wants one.
  if (std::isnan(number)) return raw("\"NaN\"");
  if (std::isinf(number)) return raw(number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  char digits[32];
  int count = snprintf(digits, sizeof digits, "%.17g", number);
  append(digits, static_cast<size_t>(count));
  bool isWhole = true;
  for (int index = 0; index < count; index++) {
    if (digits[index] == '.' || digits[index] == 'e') isWhole = false;
  }
  if (isWhole) raw(".0");
}

void Writer::string(kj::ArrayPtr<const char> string) {
  raw("\"");
  size_t start = 0;
  for (size_t index = 0; index < string.size(); index++) {
    auto byte = static_cast<unsigned char>(string[index]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    append(string.begin() + start, index - start);
    char escape[8];
    append(escape, static_cast<size_t>(snprintf(escape, sizeof escape, "\\u%04x", byte)));
    start = index + 1;
  }
  append(string.begin() + start, string.size() - start);
  raw("\"");
}

void Writer::data(capnp::Data::Reader data) {
  count(data.size());
  raw("[");
  for (size_t index = 0; index < data.size(); index++) {
    if (index > 0) raw(",");
    raw(kj::str(static_cast<unsigned>(data[index])));
  }
  raw("]");
}

}  // namespace

int ccapnp_read(const ccapnp_schemas *schemas, const char *type, const uint8_t *bytes, size_t count,
                ccapnp_limits limits, ccapnp_bytes *out) {
  return guarded(out, [&]() {
    auto schema = schemas->root(type);
    auto words = kj::heapArray<capnp::word>(count / sizeof(capnp::word));
    KJ_REQUIRE(words.size() > 0, "Premature end of file");
    memcpy(words.begin(), bytes, words.size() * sizeof(capnp::word));
    // Little-endian, and one less than there are.
    uint64_t segments = 1 + (bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint64_t>(bytes[3]) << 24);
    KJ_REQUIRE(segments <= limits.segments, "Too many or too few segments", segments);
    capnp::ReaderOptions options;
    options.traversalLimitInWords = words.size() * limits.traversal_per_word + 64;
    options.nestingLimit = limits.nesting;
    capnp::FlatArrayMessageReader message(words, options);
    Writer writer(limits);
    writer.fields(message.getRoot<capnp::DynamicStruct>(schema));
    return writer.finish();
  });
}
