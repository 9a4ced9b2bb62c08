#include "Schemas.hpp"
#include <cstdlib>
#include <cstring>
#include <new>

// The files themselves, by a directive that C has and C++ borrows.
#pragma clang diagnostic ignored "-Wc23-extensions"

namespace {

const kj::byte common_text[] = {
#embed "schemas/common.capnp"
};
const kj::byte envelope_text[] = {
#embed "schemas/envelope.capnp"
};
const kj::byte tools_text[] = {
#embed "schemas/tools.capnp"
};
const kj::byte responses_text[] = {
#embed "schemas/responses.capnp"
};
const kj::byte garden_text[] = {
#embed "schemas/garden.capnp"
};
const kj::byte streams_text[] = {
#embed "schemas/streams.capnp"
};
const kj::byte jobs_text[] = {
#embed "schemas/jobs.capnp"
};
const kj::byte broadcast_text[] = {
#embed "schemas/broadcast.capnp"
};

struct Text {
  kj::StringPtr name;
  kj::ArrayPtr<const kj::byte> text;
};

const Text texts[] = {
    {"common", kj::arrayPtr(common_text, sizeof common_text)},
    {"envelope", kj::arrayPtr(envelope_text, sizeof envelope_text)},
    {"tools", kj::arrayPtr(tools_text, sizeof tools_text)},
    {"responses", kj::arrayPtr(responses_text, sizeof responses_text)},
    {"garden", kj::arrayPtr(garden_text, sizeof garden_text)},
    {"streams", kj::arrayPtr(streams_text, sizeof streams_text)},
    {"jobs", kj::arrayPtr(jobs_text, sizeof jobs_text)},
    {"broadcast", kj::arrayPtr(broadcast_text, sizeof broadcast_text)},
};

bool give(ccapnp_bytes *out, kj::ArrayPtr<const kj::byte> bytes) {
  out->data = static_cast<uint8_t *>(malloc(bytes.size() == 0 ? 1 : bytes.size()));
  out->count = out->data == nullptr ? 0 : bytes.size();
  if (out->data != nullptr && bytes.size() > 0) memcpy(out->data, bytes.begin(), bytes.size());
  return out->data != nullptr;
}

void give(ccapnp_bytes *out, kj::StringPtr reason) {
  size_t end = 0;
  while (end < reason.size() && reason[end] != '\n') end++;
  give(out, reason.slice(0, end).asBytes());
}

}  // namespace

ccapnp_schemas::ccapnp_schemas() {
  auto folder = kj::newInMemoryDirectory(kj::nullClock());
  for (const Text &text : texts) {
    folder->openFile(kj::Path(kj::str(text.name, ".capnp")), kj::WriteMode::CREATE)->writeAll(text.text);
  }
  for (const Text &text : texts) {
    auto file = parser.parseFromDirectory(*folder, kj::Path(kj::str(text.name, ".capnp")), nullptr);
    for (auto nested : file.getAllNested()) {
      // Laid out now, while one thread has it.
      if (nested.getProto().isStruct()) nested.asStruct().getFields();
    }
    files.add(File{text.name, file});
  }
  for (const File &file : files) {
    if (file.name == "envelope") roots.insert("Envelope", file.schema.getNested("Envelope").asStruct());
    if (file.name == "broadcast") roots.insert("Broadcast", file.schema.getNested("Broadcast").asStruct());
  }
}

capnp::StructSchema ccapnp_schemas::root(kj::StringPtr name) const {
  KJ_IF_MAYBE(schema, roots.find(name)) { return *schema; }
  KJ_FAIL_REQUIRE("there is no such root", name);
}

kj::String snake_case(kj::StringPtr camel) {
  kj::Vector<char> snake(camel.size() + 8);
  for (char letter : camel) {
    if (letter >= 'A' && letter <= 'Z') {
      snake.add('_');
      snake.add(static_cast<char>(letter - 'A' + 'a'));
    } else {
      snake.add(letter);
    }
  }
  snake.add('\0');
  return kj::String(snake.releaseAsArray());
}

kj::String camel_case(kj::StringPtr snake) {
  kj::Vector<char> camel(snake.size() + 1);
  bool raises = false;
  for (char letter : snake) {
    if (letter == '_') {
      raises = true;
    } else {
      camel.add(raises && letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter);
      raises = false;
    }
  }
  camel.add('\0');
  return kj::String(camel.releaseAsArray());
}

int guarded(ccapnp_bytes *out, kj::Function<kj::Array<kj::byte>()> work) {
  *out = ccapnp_bytes{nullptr, 0};
  try {
    auto bytes = work();
    return give(out, bytes.asPtr()) ? 1 : 0;
  } catch (const kj::Exception &problem) {
    give(out, problem.getDescription());
  } catch (const std::bad_alloc &) {
    give(out, "there is no memory for it");
  } catch (...) {
    give(out, "it failed for an unknown reason");
  }
  return 0;
}

ccapnp_schemas *ccapnp_open(ccapnp_bytes *why) {
  ccapnp_schemas *schemas = nullptr;
  guarded(why, [&]() {
    schemas = new ccapnp_schemas();
    return kj::Array<kj::byte>();
  });
  return schemas;
}

void ccapnp_close(ccapnp_schemas *schemas) {
  try {
    delete schemas;
  } catch (...) {
    // Its destructors free memory and nothing else.
  }
}

int ccapnp_has_field(const ccapnp_schemas *schemas, const char *file, const char *type, const char *field) {
  bool has = false;
  ccapnp_bytes ignored;
  guarded(&ignored, [&]() {
    for (const auto &known : schemas->files) {
      if (known.name != file) continue;
      KJ_IF_MAYBE(nested, known.schema.findNested(type)) {
        has = nested->getProto().isStruct() && nested->asStruct().findFieldByName(field) != nullptr;
      }
    }
    return kj::Array<kj::byte>();
  });
  ccapnp_free(ignored);
  return has ? 1 : 0;
}

void ccapnp_free(ccapnp_bytes bytes) { free(bytes.data); }
