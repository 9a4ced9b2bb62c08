#include "Schemas.hpp"
#include <cstring>

namespace {

kj::String hex(uint64_t id) { return kj::str("\"0x", kj::hex(id), "\""); }

/// A type as the schema's file spells it, without the other file's alias.
kj::String spelled(capnp::Type type) {
  switch (type.which()) {
    case capnp::schema::Type::VOID: return kj::str("Void");
    case capnp::schema::Type::BOOL: return kj::str("Bool");
    case capnp::schema::Type::INT8: return kj::str("Int8");
    case capnp::schema::Type::INT16: return kj::str("Int16");
    case capnp::schema::Type::INT32: return kj::str("Int32");
    case capnp::schema::Type::INT64: return kj::str("Int64");
    case capnp::schema::Type::UINT8: return kj::str("UInt8");
    case capnp::schema::Type::UINT16: return kj::str("UInt16");
    case capnp::schema::Type::UINT32: return kj::str("UInt32");
    case capnp::schema::Type::UINT64: return kj::str("UInt64");
    case capnp::schema::Type::FLOAT32: return kj::str("Float32");
    case capnp::schema::Type::FLOAT64: return kj::str("Float64");
    case capnp::schema::Type::TEXT: return kj::str("Text");
    case capnp::schema::Type::DATA: return kj::str("Data");
    case capnp::schema::Type::LIST: return kj::str("List(", spelled(type.asList().getElementType()), ")");
    case capnp::schema::Type::ENUM: return kj::str(type.asEnum().getUnqualifiedName());
    case capnp::schema::Type::STRUCT: return kj::str(type.asStruct().getUnqualifiedName());
    default: return kj::str("?");
  }
}

unsigned bits_of(capnp::Type type) {
  switch (type.which()) {
    case capnp::schema::Type::BOOL: return 1;
    case capnp::schema::Type::INT8:
    case capnp::schema::Type::UINT8: return 8;
    case capnp::schema::Type::INT16:
    case capnp::schema::Type::UINT16:
    case capnp::schema::Type::ENUM: return 16;
    case capnp::schema::Type::INT32:
    case capnp::schema::Type::UINT32:
    case capnp::schema::Type::FLOAT32: return 32;
    default: return 64;
  }
}

bool is_pointer(capnp::Type type) {
  return type.isText() || type.isData() || type.isList() || type.isStruct() || type.isAnyPointer();
}

void fields(kj::Vector<kj::String> &out, capnp::StructSchema schema, kj::StringPtr prefix) {
  for (auto field : schema.getFields()) {
    auto proto = field.getProto();
    auto name = kj::str(prefix, proto.getName());
    int rank = proto.getDiscriminantValue() == 0xffff ? -1 : proto.getDiscriminantValue();
    if (proto.isGroup()) {
      out.add(kj::str("{\"name\":\"", name, "\",\"type\":\"group\",\"union\":", rank, "}"));
      fields(out, field.getType().asStruct(), kj::str(name, "."));
      continue;
    }
    auto type = field.getType();
    auto slot = proto.getSlot();
    kj::String place = type.isVoid()       ? kj::str("")
                       : is_pointer(type) ? kj::str(",\"pointer\":", slot.getOffset())
                                          : kj::str(",\"bit\":", slot.getOffset() * bits_of(type));
    out.add(kj::str("{\"name\":\"", name, "\",\"ordinal\":", proto.getOrdinal().getExplicit(), ",\"type\":\"",
                    spelled(type), "\",\"union\":", rank, place, "}"));
  }
}

kj::String node(kj::StringPtr file, capnp::ParsedSchema schema) {
  auto proto = schema.getProto();
  auto head = kj::str("{\"file\":\"", file, "\",\"name\":\"", schema.getUnqualifiedName(),
                      "\",\"id\":", hex(proto.getId()));
  kj::Vector<kj::String> parts;
  if (proto.isEnum()) {
    for (auto enumerant : schema.asEnum().getEnumerants()) {
      parts.add(kj::str("\"", enumerant.getProto().getName(), "\""));
    }
    return kj::str(head, ",\"words\":[", kj::strArray(parts, ","), "]}");
  }
  auto layout = proto.getStruct();
  fields(parts, schema.asStruct(), "");
  return kj::str(head, ",\"data_words\":", layout.getDataWordCount(), ",\"pointers\":", layout.getPointerCount(),
                 ",\"union_members\":", layout.getDiscriminantCount(),
                 ",\"tag_bit\":", layout.getDiscriminantCount() > 0 ? layout.getDiscriminantOffset() * 16 : 0,
                 ",\"fields\":[", kj::strArray(parts, ","), "]}");
}

}  // namespace

int ccapnp_layout(const ccapnp_schemas *schemas, ccapnp_bytes *out) {
  return guarded(out, [&]() {
    kj::Vector<kj::String> nodes;
    for (const auto &file : schemas->files) {
      nodes.add(kj::str("{\"file\":\"", file.name, "\",\"id\":", hex(file.schema.getProto().getId()), "}"));
      for (auto nested : file.schema.getAllNested()) {
        if (nested.getProto().isStruct() || nested.getProto().isEnum()) nodes.add(node(file.name, nested));
      }
    }
    auto text = kj::str("[", kj::strArray(nodes, ","), "]");
    auto bytes = kj::heapArray<kj::byte>(text.size());
    memcpy(bytes.begin(), text.begin(), text.size());
    return bytes;
  });
}
