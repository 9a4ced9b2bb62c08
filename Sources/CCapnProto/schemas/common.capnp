# What several of the files use.
# Ids and ordinals are the wire: never renumber, append only.
@0xf8721cef9bc45e2a;

struct Timestamp @0xf30bc1af9c4e193c {
  nanos @0 :UInt64;
}

struct Uuid @0xace6a3657ddb01a4 {
  low @0 :UInt64;
  high @1 :UInt64;
}

struct Error @0x87e872589e997919 {
  code @0 :Text;
  message @1 :Text;
  details @2 :Text;
}

enum JobStatus @0x9583316b28873406 {
  pending @0;
  running @1;
  complete @2;
  failed @3;
  cancelled @4;
}

enum WorkerType @0xee784ed02aa8d615 {
  hootenanny @0;
  chaosgarden @1;
  vibeweaver @2;
}

enum PollMode @0xbab02fcf2d36dea6 {
  any @0;
  all @1;
}

enum TimelineEventType @0xf1714c3abb0709ae {
  sectionChange @0;
  beatMarker @1;
  cuePoint @2;
  generateTransition @3;
}

struct ArtifactMetadata @0xe7793e793bb8e49f {
  variationSetId @0 :Text;
  parentId @1 :Text;
  tags @2 :List(Text);
  creator @3 :Text;
}

struct GraphHint @0xdf9a32eb44966d2b {
  kind @0 :Text;
  value @1 :Text;
  confidence @2 :Float64;
}

struct ToolInfo @0xd6cd48bcb78308dc {
  name @0 :Text;
  description @1 :Text;
  inputSchema @2 :Text;
}

struct WorkerRegistration @0xe06f5d067486b02c {
  workerId @0 :Uuid;
  workerType @1 :WorkerType;
  workerName @2 :Text;
  capabilities @3 :List(Text);
  hostname @4 :Text;
  version @5 :Text;
}

struct Encoding @0xe0af5f93216e5b2b {
  union {
    midi @0 :Text;
    audio @1 :Text;
    abc @2 :Text;
    hash :group {
      contentHash @3 :Text;
      format @4 :Text;
    }
  }
}

enum AnalysisTask @0xcec0d1b08f66071f {
  classify @0;
  beats @1;
  embeddings @2;
  genre @3;
  mood @4;
  zeroShot @5;
}

enum Space @0x8f8630ee1859b7b0 {
  orpheus @0;
  orpheusChildren @1;
  orpheusMonoMelodies @2;
  orpheusLoops @3;
  orpheusBridge @4;
  musicGen @5;
  yue @6;
  abc @7;
}

struct InferenceContext @0xa8c22084223c4a42 {
  temperature @0 :Float32;
  topP @1 :Float32;
  topK @2 :UInt32;
  seed @3 :UInt64;
  maxTokens @4 :UInt32;
  durationSeconds @5 :Float32;
  guidanceScale @6 :Float32;
  variant @7 :Text;
}

struct ProjectionTarget @0xfb75f94eeb6f6760 {
  union {
    audio :group {
      soundfontHash @0 :Text;
      sampleRate @1 :UInt32;
    }
    midi :group {
      channel @2 :UInt8;
      velocity @3 :UInt8;
      program @4 :UInt8;
    }
  }
}
