#pragma once
#include "CCapnProto.h"
#include <capnp/schema-parser.h>
#include <kj/filesystem.h>
#include <kj/map.h>
#include <kj/string.h>

/// The schemas of `schemas/`, parsed once; afterwards only read.
struct ccapnp_schemas {
  ccapnp_schemas();

  capnp::StructSchema root(kj::StringPtr name) const;

  struct File {
    kj::StringPtr name;
    capnp::ParsedSchema schema;
  };

  capnp::SchemaParser parser;
  kj::Vector<File> files;
  kj::HashMap<kj::StringPtr, capnp::StructSchema> roots;
};

/// `sectionAHash` as `section_a_hash`, and back.
kj::String snake_case(kj::StringPtr camel);
kj::String camel_case(kj::StringPtr snake);

/// Runs what may throw: nothing passes the border. Of a failure's description the first line stays.
int guarded(ccapnp_bytes *out, kj::Function<kj::Array<kj::byte>()> work);
