# Chunked capture.
# Ids and ordinals are the wire: never renumber, append only.
@0xf6c97ca6e0cdcd69;

using Common = import "common.capnp";

struct StreamDefinition @0xca8e1675518f2fd5 {
  uri @0 :Text;
  deviceIdentity @1 :Text;
  format @2 :StreamFormat;
  chunkSizeBytes @3 :UInt64;
}

struct StreamFormat @0xab50766bf3b6e637 {
  union {
    audio @0 :AudioFormat;
    midi @1 :Void;
  }
}

struct AudioFormat @0xda0827e197d3ec67 {
  sampleRate @0 :UInt32;
  channels @1 :UInt8;
  sampleFormat @2 :SampleFormat;
}

enum SampleFormat @0x9603e14c6f4785cc {
  f32 @0;
  i16 @1;
  i24 @2;
}

struct StreamStart @0x9ac29289a29db835 {
  uri @0 :Text;
  definition @1 :StreamDefinition;
  chunkPath @2 :Text;
}

struct StreamSwitchChunk @0xbbf2f753bc3800c7 {
  uri @0 :Text;
  newChunkPath @1 :Text;
}

struct StreamStop @0xc0574bffe21482c0 {
  uri @0 :Text;
}

struct StreamHeadPosition @0xf33b132f1abecac7 {
  streamUri @0 :Text;
  samplePosition @1 :UInt64;
  bytePosition @2 :UInt64;
  wallClock @3 :Common.Timestamp;
}

struct StreamChunkFull @0xa78339c105139807 {
  streamUri @0 :Text;
  path @1 :Text;
  bytesWritten @2 :UInt64;
  samplesWritten @3 :UInt64;
  wallClock @4 :Common.Timestamp;
}

struct StreamError @0xc00f9db44e8df918 {
  streamUri @0 :Text;
  error @1 :Text;
  recoverable @2 :Bool;
}
