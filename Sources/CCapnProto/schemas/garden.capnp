# Timeline, devices and snapshots.
# Ids and ordinals are the wire: never renumber, append only.
@0xb55d10399d53fbb9;

using Common = import "common.capnp";

struct Beat @0xca0e959de84fc372 {
  value @0 :Float64;
}

struct Seek @0xda69a037c72bec54 {
  beat @0 :Float64;
}

struct SetTempo @0xe91528b0815e60cb {
  bpm @0 :Float64;
}

struct Query @0xae2e151974c9d84d {
  query @0 :Text;
  variables @1 :Text;
}

struct CreateRegion @0xc91443f2b60e2870 {
  position @0 :Float64;
  duration @1 :Float64;
  behaviorType @2 :Text;
  contentId @3 :Text;
}

struct DeleteRegion @0xb79678fc470d06af {
  regionId @0 :Text;
}

struct MoveRegion @0xc36062a7c5fe6a55 {
  regionId @0 :Text;
  newPosition @1 :Float64;
}

struct GetRegions @0xb56189f5fb0eff14 {
  start @0 :Float64;
  end @1 :Float64;
}

struct TransportSeek @0xda5a6ba1e6a82aca {
  positionBeats @0 :Float64;
}

struct TimelineQuery @0xaa739810da1e5f96 {
  fromBeats @0 :Float64;
  toBeats @1 :Float64;
}

struct TimelineAddMarker @0xb8e0e639501fe0c6 {
  positionBeats @0 :Float64;
  markerType @1 :Text;
  metadata @2 :Text;
}

struct TimelineEvent @0xab9e404ad10655b7 {
  eventType @0 :Common.TimelineEventType;
  positionBeats @1 :Float64;
  tempo @2 :Float64;
  metadata @3 :Text;
}

struct Behavior @0xa956ca0768f266d7 {
  union {
    playContent @0 :Text;
    latent @1 :Text;
  }
}

struct PositionUpdate @0xc3b520f8ff41e03e {
  timestamp @0 :Common.Timestamp;
  beat @1 :Beat;
  sampleFrame @2 :UInt64;
}

struct TransportState @0xcb54a1666d281f71 {
  playing @0 :Bool;
  position @1 :Beat;
  tempo @2 :Float64;
}

struct RegionSummary @0x93b37789d3e4b85d {
  regionId @0 :Text;
  position @1 :Beat;
  duration @2 :Beat;
  isLatent @3 :Bool;
  artifactId @4 :Text;
}

struct AttachAudio @0xad3ed8bd09a0b592 {
  deviceName @0 :Text;
  sampleRate @1 :UInt32;
  latencyFrames @2 :UInt32;
}

struct AudioStatus @0xb4eeb8ba3db14766 {
  attached @0 :Bool;
  deviceName @1 :Text;
  sampleRate @2 :UInt32;
  latencyFrames @3 :UInt32;
  callbacks @4 :UInt64;
  samplesWritten @5 :UInt64;
  underruns @6 :UInt64;
}

struct AttachInput @0xc3f09474a8e26cdd {
  deviceName @0 :Text;
  sampleRate @1 :UInt32;
  monitor @2 :Bool;
}

struct InputStatus @0xda48e30f943e8a2e {
  attached @0 :Bool;
  deviceName @1 :Text;
  sampleRate @2 :UInt32;
  channels @3 :UInt32;
  monitorEnabled @4 :Bool;
  monitorGain @5 :Float32;
  callbacks @6 :UInt64;
  samplesCaptured @7 :UInt64;
  overruns @8 :UInt64;
}

struct SetMonitor @0xbdd6eaa38a786c1f {
  enabled @0 :Bool;
  enabledSet @1 :Bool;
  gain @2 :Float32;
  gainSet @3 :Bool;
}

struct GetAudioSnapshot @0xb85ccbfac1752785 {
  frames @0 :UInt32;
}

struct GetSnapshotRequest @0xb385593ca8d62c62 {
}

struct GardenSnapshot @0xa7809b2a5766733f {
  version @0 :UInt64;
  transport @1 :TransportState;
  regions @2 :List(RegionSnapshot);
  nodes @3 :List(GraphNode);
  edges @4 :List(GraphEdge);
  latentJobs @5 :List(LatentJob);
  pendingApprovals @6 :List(ApprovalInfo);
  outputs @7 :List(AudioOutput);
  inputs @8 :List(AudioInput);
  midiDevices @9 :List(MidiDeviceInfo);
  tempoMap @10 :TempoMapSnapshot;
}

struct RegionSnapshot @0xbdb87ec8dcd14e3b {
  id @0 :Text;
  position @1 :Float64;
  duration @2 :Float64;
  behaviorType @3 :BehaviorType;
  name @4 :Text;
  tags @5 :List(Text);
  contentHash @6 :Text;
  contentType @7 :ContentTypeEnum;
  latentStatus @8 :LatentStatusEnum;
  latentProgress @9 :Float32;
  jobId @10 :Text;
  generationTool @11 :Text;
  isResolved @12 :Bool;
  isApproved @13 :Bool;
  isPlayable @14 :Bool;
  isAlive @15 :Bool;
  isTombstoned @16 :Bool;
}

enum BehaviorType @0xd580a9c8960c98e1 {
  playContent @0;
  latent @1;
  applyProcessing @2;
  emitTrigger @3;
  custom @4;
}

enum ContentTypeEnum @0xd64a18b83ef1443f {
  audio @0;
  midi @1;
  control @2;
}

enum LatentStatusEnum @0x9e13b66d9a1e2410 {
  none @0;
  pending @1;
  running @2;
  resolved @3;
  approved @4;
  rejected @5;
  failed @6;
}

struct GraphNode @0xb6865e29fed1d1f1 {
  id @0 :Text;
  name @1 :Text;
  typeId @2 :Text;
  inputs @3 :List(Port);
  outputs @4 :List(Port);
  latencySamples @5 :UInt32;
  canRealtime @6 :Bool;
  canOffline @7 :Bool;
}

struct Port @0x969842d9ef46abec {
  name @0 :Text;
  signalType @1 :SignalTypeEnum;
}

enum SignalTypeEnum @0xf8a145391a07127e {
  audio @0;
  midi @1;
  control @2;
  trigger @3;
}

struct GraphEdge @0xabac325afa597642 {
  sourceId @0 :Text;
  sourcePort @1 :Text;
  destId @2 :Text;
  destPort @3 :Text;
}

struct LatentJob @0xe6b9b5a11f51a98d {
  id @0 :Text;
  regionId @1 :Text;
  tool @2 :Text;
  progress @3 :Float32;
}

struct ApprovalInfo @0xab0f88487316b3d3 {
  regionId @0 :Text;
  contentHash @1 :Text;
  contentType @2 :ContentTypeEnum;
}

struct AudioOutput @0x9f6f06cbc47fa66f {
  id @0 :Text;
  name @1 :Text;
  channels @2 :UInt8;
  pwNodeId @3 :UInt32;
  hasPwNodeId @4 :Bool;
}

struct AudioInput @0xad5eafe8ece1ab3c {
  id @0 :Text;
  name @1 :Text;
  channels @2 :UInt8;
  portPattern @3 :Text;
  pwNodeId @4 :UInt32;
  hasPwNodeId @5 :Bool;
}

struct MidiDeviceInfo @0xff3f08a7b6aff1a0 {
  id @0 :Text;
  name @1 :Text;
  direction @2 :MidiDirection;
  pwNodeId @3 :UInt32;
  hasPwNodeId @4 :Bool;
}

enum MidiDirection @0xc97e1cd9945d383c {
  input @0;
  output @1;
}

struct TempoMapSnapshot @0x96210251171a70ce {
  defaultTempo @0 :Float64;
  ticksPerBeat @1 :UInt32;
  changes @2 :List(TempoChange);
}

struct TempoChange @0xae2a758beff1b808 {
  tick @0 :Int64;
  tempo @1 :Float64;
}

struct IOPubMessage @0xd5679760d143f32f {
  version @0 :UInt64;
  timestamp @1 :UInt64;
  event @2 :IOPubEventUnion;
}

struct IOPubEventUnion @0xe08fcbd390d372b7 {
  union {
    stateChanged @0 :Void;
    playbackStarted @1 :Void;
    playbackStopped @2 :Void;
    playbackPosition @3 :PlaybackPositionEvent;
    regionCreated @4 :Text;
    regionDeleted @5 :Text;
    regionMoved @6 :RegionMovedEvent;
    latentStarted @7 :LatentStartedEvent;
    latentProgress @8 :LatentProgressEvent;
    latentResolved @9 :LatentResolvedEvent;
    latentFailed @10 :LatentFailedEvent;
    latentApproved @11 :Text;
    latentRejected @12 :LatentRejectedEvent;
    nodeAdded @13 :NodeAddedEvent;
    nodeRemoved @14 :Text;
    connectionMade @15 :ConnectionEvent;
    connectionBroken @16 :ConnectionEvent;
    audioAttached @17 :AudioAttachedEvent;
    audioDetached @18 :Void;
    audioUnderrun @19 :UInt64;
    error @20 :ErrorEvent;
    warning @21 :Text;
  }
}

struct PlaybackPositionEvent @0xe6ffd111a510e425 {
  beat @0 :Float64;
  second @1 :Float64;
}

struct RegionMovedEvent @0xa404b0e12751d8e6 {
  regionId @0 :Text;
  newPosition @1 :Float64;
}

struct LatentStartedEvent @0xe1b465faef6c89c8 {
  regionId @0 :Text;
  jobId @1 :Text;
}

struct LatentProgressEvent @0x9773687ab3690c6f {
  regionId @0 :Text;
  progress @1 :Float32;
}

struct LatentResolvedEvent @0xf7b1424b4d2c2ec9 {
  regionId @0 :Text;
  artifactId @1 :Text;
  contentHash @2 :Text;
}

struct LatentFailedEvent @0xa7d9a7d3d6ff31fb {
  regionId @0 :Text;
  error @1 :Text;
}

struct LatentRejectedEvent @0xb27edbd9a1e1b388 {
  regionId @0 :Text;
  reason @1 :Text;
}

struct NodeAddedEvent @0x88082b67557cf105 {
  nodeId @0 :Text;
  name @1 :Text;
}

struct ConnectionEvent @0xb6f611de20240290 {
  sourceId @0 :Text;
  sourcePort @1 :Text;
  destId @2 :Text;
  destPort @3 :Text;
}

struct AudioAttachedEvent @0xd9533223c13a983a {
  deviceName @0 :Text;
  sampleRate @1 :UInt32;
  latencyFrames @2 :UInt32;
}

struct ErrorEvent @0x964f9cf95098e7d6 {
  error @0 :Text;
  context @1 :Text;
}
