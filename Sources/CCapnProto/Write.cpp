#include "Schemas.hpp"
#include <capnp/compat/json.h>
#include <capnp/dynamic.h>
#include <capnp/serialize.h>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

namespace {

using capnp::JsonValue;
namespace which = capnp::schema;

/// More than any reply has; the parser's own depth.
constexpr size_t jsonDepth = 64;

void fill(capnp::DynamicStruct::Builder target, JsonValue::Reader json);

double number(JsonValue::Reader json) {
  if (json.isNumber()) return json.getNumber();
  KJ_REQUIRE(json.isString(), "a number is needed");
  auto text = json.getString();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  KJ_FAIL_REQUIRE("a number is needed");
}

uint64_t whole(JsonValue::Reader json, double least, double most) {
  if (json.isString()) {
    auto text = json.getString();
    return text.startsWith("-") ? static_cast<uint64_t>(text.parseAs<int64_t>()) : text.parseAs<uint64_t>();
  }
  double value = number(json);
  KJ_REQUIRE(value == std::floor(value) && value >= least && value <= most, "a whole number in range is needed", value);
  return value < 0 ? static_cast<uint64_t>(static_cast<int64_t>(value)) : static_cast<uint64_t>(value);
}

kj::Array<kj::byte> data(JsonValue::Reader json) {
  KJ_REQUIRE(json.isArray(), "bytes are needed");
  auto array = json.getArray();
  auto bytes = kj::heapArray<kj::byte>(array.size());
  for (unsigned index = 0; index < array.size(); index++) {
    bytes[index] = static_cast<kj::byte>(whole(array[index], 0, 255));
  }
  return bytes;
}

/// A value for a slot that is no pointer, or Text.
capnp::DynamicValue::Reader scalar(capnp::Type type, JsonValue::Reader json) {
  switch (type.which()) {
    case which::Type::VOID: return capnp::VOID;
    case which::Type::BOOL: KJ_REQUIRE(json.isBoolean(), "true or false is needed"); return json.getBoolean();
    case which::Type::INT8: return static_cast<int64_t>(whole(json, -128, 127));
    case which::Type::INT16: return static_cast<int64_t>(whole(json, -32768, 32767));
    case which::Type::INT32: return static_cast<int64_t>(whole(json, -2147483648.0, 2147483647.0));
    case which::Type::INT64: return static_cast<int64_t>(whole(json, -9007199254740992.0, 9007199254740992.0));
    case which::Type::UINT8: return whole(json, 0, 255);
    case which::Type::UINT16: return whole(json, 0, 65535);
    case which::Type::UINT32: return whole(json, 0, 4294967295.0);
    case which::Type::UINT64: return whole(json, 0, 9007199254740992.0);
    case which::Type::FLOAT32: return number(json);
    case which::Type::FLOAT64: return number(json);
    case which::Type::TEXT: KJ_REQUIRE(json.isString(), "text is needed"); return json.getString();
    case which::Type::ENUM: {
      if (!json.isString()) return capnp::DynamicEnum(type.asEnum(), static_cast<uint16_t>(whole(json, 0, 65535)));
      KJ_IF_MAYBE(enumerant, type.asEnum().findEnumerantByName(camel_case(json.getString()))) {
        return capnp::DynamicEnum(*enumerant);
      }
      KJ_FAIL_REQUIRE("there is no such word in this enumeration", json.getString());
    }
    default: KJ_FAIL_REQUIRE("this kind of value cannot be written");
  }
}

void fill(capnp::DynamicList::Builder target, JsonValue::Reader json) {
  auto array = json.getArray();
  auto type = target.getSchema().getElementType();
  for (unsigned index = 0; index < array.size(); index++) {
    if (type.isStruct()) {
      fill(target[index].as<capnp::DynamicStruct>(), array[index]);
    } else if (type.isData()) {
      target.set(index, capnp::Data::Reader(data(array[index])));
    } else if (type.isList()) {
      KJ_REQUIRE(array[index].isArray(), "a list is needed");
      fill(target.init(index, array[index].getArray().size()).as<capnp::DynamicList>(), array[index]);
    } else {
      target.set(index, scalar(type, array[index]));
    }
  }
}

void set(capnp::DynamicStruct::Builder target, capnp::StructSchema::Field field, JsonValue::Reader json) {
  auto type = field.getType();
  if (json.isNull()) {
    // Left out; but of a union's members it says which one is set.
    if (field.getProto().getDiscriminantValue() != 0xffff) target.clear(field);
  } else if (type.isStruct()) {
    KJ_REQUIRE(json.isObject(), "an object is needed", field.getProto().getName());
    fill(target.init(field).as<capnp::DynamicStruct>(), json);
  } else if (type.isList()) {
    KJ_REQUIRE(json.isArray(), "a list is needed", field.getProto().getName());
    fill(target.init(field, json.getArray().size()).as<capnp::DynamicList>(), json);
  } else if (type.isData()) {
    auto bytes = data(json);
    target.set(field, capnp::Data::Reader(bytes));
  } else {
    target.set(field, scalar(type, json));
  }
}

void fill(capnp::DynamicStruct::Builder target, JsonValue::Reader json) {
  KJ_REQUIRE(json.isObject(), "an object is needed");
  for (auto member : json.getObject()) {
    auto name = camel_case(member.getName());
    KJ_IF_MAYBE(field, target.getSchema().findFieldByName(name)) {
      set(target, *field, member.getValue());
    } else {
      KJ_FAIL_REQUIRE("the schema has no such member", member.getName());
    }
  }
}

}  // namespace

int ccapnp_write(const ccapnp_schemas *schemas, const char *type, const char *json, size_t count, ccapnp_bytes *out) {
  return guarded(out, [&]() {
    auto schema = schemas->root(type);
    capnp::MallocMessageBuilder parsed;
    auto value = parsed.initRoot<JsonValue>();
    capnp::JsonCodec codec;
    codec.setMaxNestingDepth(jsonDepth);
    codec.decodeRaw(kj::arrayPtr(json, count), value);
    // JSON is nearly always longer than what it says in words, so one segment holds it.
    capnp::MallocMessageBuilder message(static_cast<kj::uint>(count / sizeof(capnp::word) + 256));
    fill(message.initRoot<capnp::DynamicStruct>(schema), value);
    auto words = capnp::messageToFlatArray(message);
    auto bytes = kj::heapArray<kj::byte>(words.size() * sizeof(capnp::word));
    memcpy(bytes.begin(), words.begin(), bytes.size());
    return bytes;
  });
}
