# What tools are answered with.
# Ids and ordinals are the wire: never renumber, append only.
@0xc4f8e2a1b3d5f0e7;

struct ToolResponse @0xf38792355e40be55 {
  union {
    casStored @0 :CasStoredResponse;
    casContent @1 :CasContentResponse;
    casInspected @2 :CasInspectedResponse;
    artifactCreated @3 :ArtifactCreatedResponse;
    artifactInfo @4 :ArtifactInfoResponse;
    artifactList @5 :ArtifactListResponse;
    jobStarted @6 :JobStartedResponse;
    jobStatus @7 :JobStatusResponse;
    jobList @8 :JobListResponse;
    jobPollResult @9 :JobPollResultResponse;
    abcParsed @10 :AbcParsedResponse;
    abcValidated @11 :AbcValidatedResponse;
    abcTransposed @12 :AbcTransposedResponse;
    abcConverted @13 :AbcConvertedResponse;
    soundfontInfo @14 :SoundfontInfoResponse;
    soundfontPresetInfo @15 :SoundfontPresetInfoResponse;
    orpheusGenerated @16 :OrpheusGeneratedResponse;
    orpheusClassified @17 :OrpheusClassifiedResponse;
    audioGenerated @18 :AudioGeneratedResponse;
    beatsAnalyzed @19 :BeatsAnalyzedResponse;
    clapAnalyzed @20 :ClapAnalyzedResponse;
    gardenStatus @21 :GardenStatusResponse;
    gardenRegions @22 :GardenRegionsResponse;
    gardenRegionCreated @23 :GardenRegionCreatedResponse;
    removedGardenQueryResult @24 :Void;
    removedGraphIdentity @25 :Void;
    removedGraphIdentities @26 :Void;
    removedGraphConnection @27 :Void;
    removedGraphTags @28 :Void;
    removedGraphContext @29 :Void;
    removedGraphQueryResult @30 :Void;
    configValue @31 :ConfigValueResponse;
    toolsList @32 :ToolsListResponse;
    ack @33 :AckResponse;
    annotationAdded @34 :AnnotationAddedResponse;
    weaveEval @35 :WeaveEvalResponse;
    weaveSession @36 :WeaveSessionResponse;
    weaveReset @37 :WeaveResetResponse;
    weaveHelp @38 :WeaveHelpResponse;
    gardenAudioStatus @39 :GardenAudioStatusResponse;
    gardenInputStatus @40 :GardenInputStatusResponse;
    gardenMonitorStatus @41 :GardenMonitorStatusResponse;
    toolHelp @42 :ToolHelpResponse;
    scheduleResult @43 :ScheduleResultResponse;
    analyzeResult @44 :AnalyzeResultResponse;
    casStats @45 :CasStatsResponse;
    projectResult @46 :ProjectResultResponse;
    removedGraphBind @47 :Void;
    removedGraphTag @48 :Void;
    removedGraphConnect @49 :Void;
    jobPoll @50 :JobPollResponse;
    jobCancel @51 :JobCancelResponse;
    abcToMidi @52 :AbcToMidiResponse;
    midiToWav @53 :MidiToWavResponse;
    midiInfo @54 :MidiInfoResponse;
    raveEncoded @55 :RaveEncodedResponse;
    raveDecoded @56 :RaveDecodedResponse;
    raveReconstructed @57 :RaveReconstructedResponse;
    raveGenerated @58 :RaveGeneratedResponse;
    raveStreamStarted @59 :RaveStreamStartedResponse;
    raveStreamStopped @60 :RaveStreamStoppedResponse;
    raveStreamStatus @61 :RaveStreamStatusResponse;
    gardenAudioSnapshot @62 :GardenAudioSnapshotResponse;
    audioCaptured @63 :AudioCapturedResponse;
    midiPorts @64 :MidiPortsResponse;
    midiAttached @65 :MidiAttachedResponse;
    midiStatus @66 :MidiStatusResponse;
    audioInfo @67 :AudioInfoResponse;
    unifiedStatus @68 :UnifiedStatusResponse;
    audioldm2Generated @69 :Audioldm2GeneratedResponse;
    anticipatoryGenerated @70 :AnticipatoryGeneratedResponse;
    anticipatoryEmbedded @71 :AnticipatoryEmbeddedResponse;
    demucsSeparated @72 :DemucsSeparatedResponse;
    midiAnalyzed @73 :MidiAnalyzedResponse;
    midiVoiceSeparated @74 :MidiVoiceSeparatedResponse;
    midiStemsExported @75 :MidiStemsExportedResponse;
    midiVoicesClassified @76 :MidiVoicesClassifiedResponse;
    midiUnderstood @77 :MidiUnderstoodResponse;
    audioDevices @78 :AudioDevicesResponse;
    gardenGraph @79 :GardenGraphResponse;
    timeConverted @80 :TimeConvertedResponse;
  }
}

struct CasStoredResponse @0xe4d5f97a2d1ee9cc {
  hash @0 :Text;
  size @1 :UInt64;
  mimeType @2 :Text;
}

struct CasContentResponse @0xeeea12e34157fea6 {
  hash @0 :Text;
  size @1 :UInt64;
  data @2 :Data;
}

struct CasInspectedResponse @0xb4338a0c7e956fc2 {
  hash @0 :Text;
  exists @1 :Bool;
  size @2 :UInt64;
  preview @3 :Text;
}

struct CasStatsResponse @0xc350c221fabaeaee {
  totalItems @0 :UInt64;
  totalBytes @1 :UInt64;
  casDir @2 :Text;
}

struct ArtifactCreatedResponse @0x91d7e9f4f19cfb75 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  tags @2 :List(Text);
  creator @3 :Text;
}

struct ArtifactInfoResponse @0x944dae824991c2bd {
  id @0 :Text;
  contentHash @1 :Text;
  mimeType @2 :Text;
  tags @3 :List(Text);
  creator @4 :Text;
  createdAt @5 :UInt64;
  parentId @6 :Text;
  variationSetId @7 :Text;
  metadata @8 :ArtifactMetadata;
}

struct ArtifactMetadata @0x86f71034476621ae {
  durationSeconds @0 :Float64;
  sampleRate @1 :UInt32;
  channels @2 :UInt8;
  midiInfo @3 :MidiMetadata;
}

struct MidiMetadata @0x913a24dae70359bb {
  tracks @0 :UInt16;
  ticksPerQuarter @1 :UInt16;
  durationTicks @2 :UInt64;
}

struct ArtifactListResponse @0xd558815058b00070 {
  artifacts @0 :List(ArtifactInfoResponse);
  count @1 :UInt64;
}

struct JobStartedResponse @0x9271748682f1c43f {
  jobId @0 :Text;
  tool @1 :Text;
}

enum JobState @0x8586f90a7895011d {
  pending @0;
  running @1;
  complete @2;
  failed @3;
  cancelled @4;
}

struct JobStatusResponse @0xc1ecc88de64ac9c2 {
  jobId @0 :Text;
  status @1 :JobState;
  source @2 :Text;
  result @3 :ToolResponse;
  error @4 :Text;
  createdAt @5 :UInt64;
  startedAt @6 :UInt64;
  completedAt @7 :UInt64;
}

struct JobListResponse @0xcac626d6e8067dab {
  jobs @0 :List(JobStatusResponse);
  total @1 :UInt64;
  byStatus @2 :JobCounts;
}

struct JobCounts @0xb46239f1cf987c22 {
  pending @0 :UInt64;
  running @1 :UInt64;
  complete @2 :UInt64;
  failed @3 :UInt64;
  cancelled @4 :UInt64;
}

struct JobPollResultResponse @0x8a9b1f8381218cfb {
  completed @0 :List(Text);
  failed @1 :List(Text);
  pending @2 :List(Text);
  timedOut @3 :Bool;
}

struct JobPollResponse @0xa0391987b2fca214 {
  completed @0 :List(Text);
  failed @1 :List(Text);
  pending @2 :List(Text);
  reason @3 :Text;
  elapsedMs @4 :UInt64;
}

struct JobCancelResponse @0x840f10675a6314c7 {
  jobId @0 :Text;
  cancelled @1 :Bool;
}

struct AbcParsedResponse @0xf3083b91e3039286 {
  valid @0 :Bool;
  title @1 :Text;
  key @2 :Text;
  meter @3 :Text;
  tempo @4 :UInt16;
  notesCount @5 :UInt64;
}

struct AbcValidatedResponse @0xac9e9ba6ae949441 {
  valid @0 :Bool;
  errors @1 :List(AbcValidationError);
  warnings @2 :List(Text);
}

struct AbcValidationError @0x867382ac8d78af3a {
  line @0 :UInt64;
  column @1 :UInt64;
  message @2 :Text;
}

struct AbcTransposedResponse @0x98b0f57415709305 {
  abc @0 :Text;
  originalKey @1 :Text;
  newKey @2 :Text;
  semitones @3 :Int8;
}

struct AbcConvertedResponse @0x9d65d4392b182937 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  notesCount @3 :UInt64;
}

struct AbcToMidiResponse @0xe700a4c6b26c5b8d {
  artifactId @0 :Text;
  contentHash @1 :Text;
}

struct MidiToWavResponse @0x8286960fa8feddaf {
  artifactId @0 :Text;
  contentHash @1 :Text;
  sampleRate @2 :UInt32;
  durationSecs @3 :Float64;
}

struct SoundfontInfoResponse @0xf97ac6166be6fc0d {
  name @0 :Text;
  presets @1 :List(SoundfontPreset);
  presetCount @2 :UInt64;
}

struct SoundfontPreset @0xafe3fdf60b31fa6e {
  bank @0 :UInt16;
  program @1 :UInt16;
  name @2 :Text;
}

struct SoundfontPresetInfoResponse @0xd86b74fadb368930 {
  bank @0 :UInt16;
  program @1 :UInt16;
  name @2 :Text;
  regions @3 :List(SoundfontRegion);
}

struct SoundfontRegion @0xed98d4f2e8caba23 {
  keyLow @0 :UInt8;
  keyHigh @1 :UInt8;
  velocityLow @2 :UInt8;
  velocityHigh @3 :UInt8;
  sampleName @4 :Text;
}

struct OrpheusGeneratedResponse @0xf033ed1950bfccd3 {
  outputHashes @0 :List(Text);
  artifactIds @1 :List(Text);
  tokensPerVariation @2 :List(UInt64);
  totalTokens @3 :UInt64;
  variationSetId @4 :Text;
  summary @5 :Text;
}

struct OrpheusClassifiedResponse @0xf1a09757de968ac0 {
  classifications @0 :List(MidiClassification);
}

struct MidiClassification @0xb30c251a932099af {
  label @0 :Text;
  confidence @1 :Float32;
}

struct AudioGeneratedResponse @0xefb361317e1c4a10 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  sampleRate @3 :UInt32;
  format @4 :AudioFormat;
  genre @5 :Text;
}

enum AudioFormat @0xa8a23c71b79c47b4 {
  wav @0;
  mp3 @1;
  flac @2;
}

struct BeatsAnalyzedResponse @0x8ed1eef5d2c594f6 {
  beats @0 :List(Float64);
  downbeats @1 :List(Float64);
  estimatedBpm @2 :Float64;
  confidence @3 :Float32;
}

struct ClapAnalyzedResponse @0xb02c2badc3074c63 {
  embeddings @0 :List(Float32);
  genre @1 :List(ClapClassification);
  mood @2 :List(ClapClassification);
  zeroShot @3 :List(ClapClassification);
  similarity @4 :Float32;
}

struct ClapClassification @0xf4d8ad7bc85cf0a0 {
  label @0 :Text;
  score @1 :Float32;
}

struct MidiTempoChange @0xcb14da4b3424b8bb {
  tick @0 :UInt32;
  bpm @1 :Float64;
}

struct MidiInfoResponse @0xe98970886e4af2a2 {
  tempoBpm @0 :Float64;
  hasTempoBpm @1 :Bool;
  tempoChanges @2 :List(MidiTempoChange);
  timeSigNum @3 :UInt8;
  timeSigDenom @4 :UInt8;
  hasTimeSig @5 :Bool;
  durationSeconds @6 :Float64;
  trackCount @7 :UInt16;
  ppq @8 :UInt16;
  noteCount @9 :UInt32;
  format @10 :UInt8;
}

struct AudioInfoResponse @0xe19ee52810c80ef4 {
  durationSeconds @0 :Float64;
  sampleRate @1 :UInt32;
  channels @2 :UInt16;
  peakDb @3 :Float32;
  meanDb @4 :Float32;
  isSilent @5 :Bool;
}

enum TransportState @0xff8b99c4cd8d6171 {
  stopped @0;
  playing @1;
  paused @2;
}

struct GardenStatusResponse @0xbe32df5c0ec452e4 {
  state @0 :TransportState;
  positionBeats @1 :Float64;
  tempoBpm @2 :Float64;
  regionCount @3 :UInt64;
}

struct GardenRegionInfo @0x8355e0e27af3adf6 {
  regionId @0 :Text;
  position @1 :Float64;
  duration @2 :Float64;
  behaviorType @3 :Text;
  contentId @4 :Text;
}

struct GardenRegionsResponse @0xbe79ece43f7c112b {
  regions @0 :List(GardenRegionInfo);
  count @1 :UInt64;
}

struct GardenRegionCreatedResponse @0xafdba05d0ffc79bf {
  regionId @0 :Text;
  position @1 :Float64;
  duration @2 :Float64;
}

struct GardenAudioStatusResponse @0x8fef739e238fb2d9 {
  attached @0 :Bool;
  deviceName @1 :Text;
  sampleRate @2 :UInt32;
  latencyFrames @3 :UInt32;
  bufferUnderruns @4 :UInt64;
  callbacks @5 :UInt64;
  samplesWritten @6 :UInt64;
  monitorReads @7 :UInt64;
  monitorSamples @8 :UInt64;
}

struct GardenInputStatusResponse @0xd5a82ed71f8ec2c4 {
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

struct GardenMonitorStatusResponse @0xc6d7651c5a2ca126 {
  enabled @0 :Bool;
  gain @1 :Float64;
}

struct GardenAudioSnapshotResponse @0xaf2854a71027f9c9 {
  sampleRate @0 :UInt32;
  channels @1 :UInt16;
  format @2 :UInt16;
  samples @3 :List(Float32);
}

struct AudioCapturedResponse @0xdf82dd37bd08e871 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  sampleRate @2 :UInt32;
  durationSeconds @3 :Float32;
}

struct ConfigValueResponse @0x9f23122381f470bc {
  section @0 :Text;
  key @1 :Text;
  value @2 :Text;
}

struct ToolInfo @0xff4922cab562fc62 {
  name @0 :Text;
  description @1 :Text;
  inputSchema @2 :Text;
}

struct ToolsListResponse @0xeef88676ac5e9b97 {
  tools @0 :List(ToolInfo);
  count @1 :UInt64;
}

struct AckResponse @0x9129fc16aff68ad3 {
  message @0 :Text;
}

struct AnnotationAddedResponse @0xa6e0739c7e4d9b59 {
  artifactId @0 :Text;
  annotationId @1 :Text;
}

enum WeaveOutputType @0xe12dcd205e3c0db0 {
  expression @0;
  statement @1;
}

struct WeaveEvalResponse @0x8f0177ba4cc1be3e {
  outputType @0 :WeaveOutputType;
  result @1 :Text;
  stdout @2 :Text;
  stderr @3 :Text;
}

struct WeaveSessionInfo @0xb1b89d86b0c7a1b5 {
  id @0 :Text;
  name @1 :Text;
  vibe @2 :Text;
}

struct WeaveSessionResponse @0xd212af03130a09f9 {
  session @0 :WeaveSessionInfo;
  message @1 :Text;
}

struct WeaveResetResponse @0xe87c25ce2b2e5408 {
  reset @0 :Bool;
  message @1 :Text;
}

struct WeaveHelpResponse @0xf4d0bebd5eeb39e1 {
  help @0 :Text;
  topic @1 :Text;
}

struct ToolHelpResponse @0xd49f130f5eb67fb5 {
  help @0 :Text;
  topic @1 :Text;
}

struct ScheduleResultResponse @0xeb29a6f03f08ab83 {
  success @0 :Bool;
  message @1 :Text;
  regionId @2 :Text;
  position @3 :Float64;
  duration @4 :Float64;
  artifactId @5 :Text;
}

struct AnalyzeResultResponse @0x9a7fefc1490952b1 {
  contentHash @0 :Text;
  results @1 :Text;
  summary @2 :Text;
  artifactId @3 :Text;
}

struct ProjectResultResponse @0xad96d95d8e0bc993 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  projectionType @2 :Text;
  durationSeconds @3 :Float64;
  sampleRate @4 :UInt32;
}

struct RaveEncodedResponse @0xc53362992bda5d8b {
  artifactId @0 :Text;
  contentHash @1 :Text;
  latentShape @2 :List(UInt32);
  latentDim @3 :UInt32;
  model @4 :Text;
  sampleRate @5 :UInt32;
}

struct RaveDecodedResponse @0x91936ea9276d168b {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  sampleRate @3 :UInt32;
  model @4 :Text;
}

struct RaveReconstructedResponse @0xad20658a2ba0e788 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  sampleRate @3 :UInt32;
  model @4 :Text;
}

struct RaveGeneratedResponse @0xcf4d8e2f2bceb27d {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  sampleRate @3 :UInt32;
  model @4 :Text;
  temperature @5 :Float32;
}

struct RaveStreamStartedResponse @0xe63f94220ed83688 {
  streamId @0 :Text;
  model @1 :Text;
  inputIdentity @2 :Text;
  outputIdentity @3 :Text;
  latencyMs @4 :UInt32;
}

struct RaveStreamStoppedResponse @0x8a6a5c34f52ba178 {
  streamId @0 :Text;
  durationSeconds @1 :Float64;
}

struct RaveStreamStatusResponse @0xac66326a69da9f81 {
  streamId @0 :Text;
  running @1 :Bool;
  model @2 :Text;
  inputIdentity @3 :Text;
  outputIdentity @4 :Text;
  framesProcessed @5 :UInt64;
  latencyMs @6 :UInt32;
}

struct MidiPortInfo @0x958db169905bf6fb {
  index @0 :UInt32;
  name @1 :Text;
}

struct MidiPortsResponse @0xbb71a15848618208 {
  inputs @0 :List(MidiPortInfo);
  outputs @1 :List(MidiPortInfo);
}

struct MidiAttachedResponse @0x9b42438bebbabdcc {
  portName @0 :Text;
}

struct MidiConnectionInfo @0x8ba192f81b0cc036 {
  portName @0 :Text;
  messages @1 :UInt64;
}

struct MidiStatusResponse @0xb0ef89403196b7e3 {
  inputs @0 :List(MidiConnectionInfo);
  outputs @1 :List(MidiConnectionInfo);
}

struct TransportStatus @0x9f270215db52a54f {
  state @0 :TransportState;
  positionBeats @1 :Float64;
  tempoBpm @2 :Float64;
  regionCount @3 :UInt64;
}

struct AudioOutputStatus @0x9a2eda10fd4df812 {
  attached @0 :Bool;
  deviceName @1 :Text;
  sampleRate @2 :UInt32;
  latencyFrames @3 :UInt32;
  callbacks @4 :UInt64;
  samplesWritten @5 :UInt64;
  underruns @6 :UInt64;
}

struct AudioInputStatus @0xad1e82660d74cdc7 {
  attached @0 :Bool;
  deviceName @1 :Text;
  sampleRate @2 :UInt32;
  channels @3 :UInt32;
  callbacks @4 :UInt64;
  samplesCaptured @5 :UInt64;
  overruns @6 :UInt64;
}

struct MonitorStatus @0xa22fb098ec3c0884 {
  enabled @0 :Bool;
  gain @1 :Float32;
}

struct UnifiedStatusResponse @0xbf729091f392dfa9 {
  transport @0 :TransportStatus;
  audioOutput @1 :AudioOutputStatus;
  audioInput @2 :AudioInputStatus;
  monitor @3 :MonitorStatus;
  midi @4 :MidiStatusResponse;
}

struct Audioldm2GeneratedResponse @0xb8891956a9488b59 {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  sampleRate @3 :UInt32;
  prompt @4 :Text;
}

struct AnticipatoryGeneratedResponse @0xde3b5eee08dfe88a {
  artifactId @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
  modelSize @3 :Text;
}

struct AnticipatoryEmbeddedResponse @0xd97ba707ccfe0d08 {
  embeddings @0 :List(Float32);
  embedDim @1 :UInt32;
  modelSize @2 :Text;
}

struct DemucsSeparatedResponse @0xbdd66deb767fb049 {
  stems @0 :List(DemucsStems);
  model @1 :Text;
  durationSeconds @2 :Float64;
}

struct DemucsStems @0x94c39ad1d611b490 {
  name @0 :Text;
  contentHash @1 :Text;
  durationSeconds @2 :Float64;
}

struct MidiAnalyzedResponse @0xd999eeb62bb7b4df {
  analysisJson @0 :Text;
  trackCount @1 :UInt16;
  tracksNeedingSeparation @2 :List(UInt16);
  summary @3 :Text;
}

struct MidiVoiceSeparatedResponse @0xa057f6a0e11d58bb {
  voiceCount @0 :UInt16;
  voicesJson @1 :Text;
  method @2 :Text;
  summary @3 :Text;
}

struct MidiStemInfo @0xfaf0216e7fec73f9 {
  voiceIndex @0 :UInt16;
  artifactId @1 :Text;
  contentHash @2 :Text;
  noteCount @3 :UInt32;
  method @4 :Text;
}

struct MidiStemsExportedResponse @0xb25ad94229cdaaab {
  stems @0 :List(MidiStemInfo);
  combinedArtifactId @1 :Text;
  combinedHash @2 :Text;
  summary @3 :Text;
}

struct VoiceRoleCandidate @0xc55200da920e819c {
  role @0 :Text;
  confidence @1 :Float64;
}

struct VoiceRoleInfo @0xa4aa5d030784a171 {
  voiceIndex @0 :UInt16;
  role @1 :Text;
  confidence @2 :Float64;
  method @3 :Text;
  alternativeRoles @4 :List(VoiceRoleCandidate);
}

struct MidiVoicesClassifiedResponse @0x9c3ecd9572e586e1 {
  classifications @0 :List(VoiceRoleInfo);
  featuresJson @1 :Text;
  method @2 :Text;
  summary @3 :Text;
}

struct MidiUnderstoodResponse @0xf3e2a02a473c4c51 {
  understandingJson @0 :Text;
  key @1 :Text;
  meter @2 :Text;
  chordCount @3 :UInt16;
  voiceCount @4 :UInt16;
  cached @5 :Bool;
  summary @6 :Text;
}

struct AudioDeviceInfo @0x8510c34fe40afab6 {
  id @0 :UInt32;
  name @1 :Text;
  mediaClass @2 :Text;
  nick @3 :Text;
}

struct AudioDevicesResponse @0xa75ca13ebe581db5 {
  sources @0 :List(AudioDeviceInfo);
  sinks @1 :List(AudioDeviceInfo);
}

struct GardenGraphResponse @0xf7f414c15bd508f5 {
  nodes @0 :Text;
  edges @1 :Text;
}

struct TimeConvertedResponse @0xf326b5de8e1b5dd2 {
  value @0 :Float64;
  fromUnit @1 :Text;
  toUnit @2 :Text;
}
