# Bare messages of a publisher, one frame each.
# Ids and ordinals are the wire: never renumber, append only.
@0xab20a00d32798739;

using Common = import "common.capnp";
using Streams = import "streams.capnp";

struct Broadcast @0xc16c0f1cbe4aa882 {
  union {
    configUpdate @0 :ConfigUpdate;
    shutdown @1 :ShutdownBroadcast;
    scriptInvalidate @2 :ScriptInvalidate;
    jobStateChanged @3 :JobStateChanged;
    progress @4 :Progress;
    artifactCreated @5 :ArtifactCreated;
    transportStateChanged @6 :TransportStateChanged;
    markerReached @7 :MarkerReached;
    beatTick @8 :BeatTick;
    log @9 :Log;
    streamHeadPosition @10 :Streams.StreamHeadPosition;
    streamChunkFull @11 :Streams.StreamChunkFull;
    streamError @12 :Streams.StreamError;
    deviceConnected @13 :DeviceConnected;
    deviceDisconnected @14 :DeviceDisconnected;
    audioAttached @15 :AudioAttached;
    audioDetached @16 :AudioDetached;
    audioUnderrun @17 :AudioUnderrun;
  }
}

struct ConfigUpdate @0xda1873ef5efe57bd {
  key @0 :Text;
  value @1 :Text;
}

struct ShutdownBroadcast @0xe1be6ad3689b8f6b {
  reason @0 :Text;
}

struct ScriptInvalidate @0xfc536fc485aedcd9 {
  hash @0 :Text;
}

struct JobStateChanged @0xb52b6a31f2dc1de9 {
  jobId @0 :Text;
  state @1 :Text;
  result @2 :Text;
}

struct Progress @0xe7691b2fd1ed150f {
  jobId @0 :Text;
  percent @1 :Float32;
  message @2 :Text;
}

struct ArtifactCreated @0xd610ff3e62ee215a {
  artifactId @0 :Text;
  contentHash @1 :Text;
  tags @2 :List(Text);
  creator @3 :Text;
}

struct TransportStateChanged @0xcb67fecdf32738b9 {
  state @0 :Text;
  positionBeats @1 :Float64;
  tempoBpm @2 :Float64;
}

struct MarkerReached @0xe5edcf0feed32420 {
  positionBeats @0 :Float64;
  markerType @1 :Text;
  metadata @2 :Text;
}

struct BeatTick @0xee9f423560f334fc {
  timestamp @0 :Common.Timestamp;
  beat @1 :UInt64;
  positionBeats @2 :Float64;
  tempoBpm @3 :Float64;
}

struct Log @0xd01ae49da0f6bf1e {
  level @0 :Text;
  message @1 :Text;
  source @2 :Text;
}

struct DeviceConnected @0xeaf94ba09fa9fc4e {
  pipewireId @0 :UInt32;
  name @1 :Text;
  mediaClass @2 :Text;
  identityId @3 :Text;
  identityName @4 :Text;
}

struct DeviceDisconnected @0xca473d05bf728974 {
  pipewireId @0 :UInt32;
  name @1 :Text;
}

struct AudioAttached @0x959eb2de46e3d124 {
  deviceName @0 :Text;
  sampleRate @1 :UInt32;
  latencyFrames @2 :UInt32;
}

struct AudioDetached @0xfeb52ad517c974cb {
}

struct AudioUnderrun @0xd3bc9e9ec00ab17e {
  count @0 :UInt64;
}
