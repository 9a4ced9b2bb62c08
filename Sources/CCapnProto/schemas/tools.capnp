# Requests by name; the garden ones are what a daemon answers.
# Ids and ordinals are the wire: never renumber, append only.
@0xf3d2f032f8bfe15a;

using Common = import "common.capnp";
using Garden = import "garden.capnp";
using Jobs = import "jobs.capnp";

struct ToolRequest @0xf7b4e1404a56d3ce {
  union {
    casStore @0 :CasStore;
    casInspect @1 :CasInspect;
    casGet @2 :CasGet;
    casUploadFile @3 :CasUploadFile;
    orpheusGenerate @4 :OrpheusGenerate;
    orpheusGenerateSeeded @5 :OrpheusGenerateSeeded;
    orpheusContinue @6 :OrpheusContinue;
    orpheusBridge @7 :OrpheusBridge;
    orpheusLoops @8 :OrpheusLoops;
    orpheusClassify @9 :OrpheusClassify;
    abcParse @10 :AbcParse;
    abcToMidi @11 :AbcToMidi;
    abcValidate @12 :AbcValidate;
    abcTranspose @13 :AbcTranspose;
    convertMidiToWav @14 :ConvertMidiToWav;
    soundfontInspect @15 :SoundfontInspect;
    soundfontPresetInspect @16 :SoundfontPresetInspect;
    beatthisAnalyze @17 :BeatthisAnalyze;
    clapAnalyze @18 :ClapAnalyze;
    musicgenGenerate @19 :MusicgenGenerate;
    yueGenerate @20 :YueGenerate;
    artifactUpload @21 :ArtifactUpload;
    artifactGet @22 :ArtifactGet;
    artifactList @23 :ArtifactList;
    artifactCreate @24 :ArtifactCreate;
    removedGraphQuery @25 :Void;
    removedGraphBind @26 :Void;
    removedGraphTag @27 :Void;
    removedGraphConnect @28 :Void;
    removedGraphFind @29 :Void;
    removedGraphContext @30 :Void;
    addAnnotation @31 :AddAnnotation;
    configGet @32 :ConfigGet;
    luaEval @33 :LuaEval;
    luaDescribe @34 :LuaDescribe;
    scriptStore @35 :ScriptStore;
    scriptSearch @36 :ScriptSearch;
    jobExecute @37 :Jobs.JobExecute;
    jobStatus @38 :Jobs.JobStatusRequest;
    jobPoll @39 :Jobs.JobPoll;
    jobCancel @40 :Jobs.JobCancel;
    jobList @41 :Jobs.JobList;
    readResource @42 :ReadResource;
    listResources @43 :Void;
    complete @44 :Complete;
    sampleLlm @45 :SampleLlm;
    weaveEval @46 :WeaveEval;
    weaveSession @47 :Void;
    weaveReset @48 :WeaveReset;
    weaveHelp @49 :WeaveHelp;
    gardenStatus @50 :Void;
    gardenPlay @51 :Void;
    gardenPause @52 :Void;
    gardenStop @53 :Void;
    gardenSeek @54 :Garden.Seek;
    gardenSetTempo @55 :Garden.SetTempo;
    removedGardenQuery @56 :Void;
    gardenEmergencyPause @57 :Void;
    gardenCreateRegion @58 :Garden.CreateRegion;
    gardenDeleteRegion @59 :Garden.DeleteRegion;
    gardenMoveRegion @60 :Garden.MoveRegion;
    gardenGetRegions @61 :Garden.GetRegions;
    gardenAttachAudio @62 :Garden.AttachAudio;
    gardenDetachAudio @63 :Void;
    gardenAudioStatus @64 :Void;
    gardenAttachInput @65 :Garden.AttachInput;
    gardenDetachInput @66 :Void;
    gardenInputStatus @67 :Void;
    gardenSetMonitor @68 :Garden.SetMonitor;
    gardenClearRegions @69 :Void;
    getToolHelp @70 :GetToolHelp;
    casStats @71 :Void;
    midiInfo @72 :MidiInfo;
    raveEncode @73 :RaveEncode;
    raveDecode @74 :RaveDecode;
    raveReconstruct @75 :RaveReconstruct;
    raveGenerate @76 :RaveGenerate;
    raveStreamStart @77 :RaveStreamStart;
    raveStreamStop @78 :RaveStreamStop;
    raveStreamStatus @79 :RaveStreamStatus;
    gardenGetAudioSnapshot @80 :Garden.GetAudioSnapshot;
    audioCapture @81 :AudioCapture;
    midiListPorts @82 :Void;
    midiInputAttach @83 :MidiAttach;
    midiInputDetach @84 :MidiDetach;
    midiOutputAttach @85 :MidiAttach;
    midiOutputDetach @86 :MidiDetach;
    midiSend @87 :MidiSend;
    midiStatus @88 :Void;
    audioInfo @89 :AudioInfo;
    audioldm2Generate @90 :Audioldm2Generate;
    anticipatoryGenerate @91 :AnticipatoryGenerate;
    anticipatoryContinue @92 :AnticipatoryContinue;
    anticipatoryEmbed @93 :AnticipatoryEmbed;
    demucsSeparate @94 :DemucsSeparate;
    midiAnalyze @95 :MidiAnalyze;
    midiVoiceSeparate @96 :MidiVoiceSeparate;
    midiStemsExport @97 :MidiStemsExport;
    midiClassifyVoices @98 :MidiClassifyVoices;
    midiUnderstand @99 :MidiUnderstand;
    audioListDevices @100 :Void;
    gardenGraph @101 :Void;
    timeConvert @102 :TimeConvert;
  }
}

struct MidiAttach @0xbc280fdba43693b3 {
  portPattern @0 :Text;
}

struct MidiDetach @0x9bb02f4a0f238d52 {
  portPattern @0 :Text;
}

struct MidiSend @0xe4e94a26c897ac79 {
  portPattern @0 :Text;
  messageType @1 :Text;
  channel @2 :UInt8;
  pitch @3 :UInt8;
  velocity @4 :UInt8;
  controller @5 :UInt8;
  value @6 :UInt8;
  program @7 :UInt8;
  bendValue @8 :Int16;
  rawBytes @9 :Data;
}

struct CasStore @0x846da33ba067fa03 {
  data @0 :Data;
  mimeType @1 :Text;
}

struct CasInspect @0xff454da1f66d27ec {
  hash @0 :Text;
}

struct CasGet @0xc6f3048244c3259f {
  hash @0 :Text;
}

struct CasUploadFile @0xb102245c7c4453ca {
  filePath @0 :Text;
  mimeType @1 :Text;
}

struct OrpheusGenerate @0xf22faac305087cc2 {
  model @0 :Text;
  temperature @1 :Float32;
  topP @2 :Float32;
  maxTokens @3 :UInt32;
  numVariations @4 :UInt32;
  metadata @5 :Common.ArtifactMetadata;
}

struct OrpheusGenerateSeeded @0xb195698f4f2e17ef {
  seedHash @0 :Text;
  model @1 :Text;
  temperature @2 :Float32;
  topP @3 :Float32;
  maxTokens @4 :UInt32;
  numVariations @5 :UInt32;
  metadata @6 :Common.ArtifactMetadata;
}

struct OrpheusContinue @0x9f54f4c9b201710a {
  inputHash @0 :Text;
  model @1 :Text;
  temperature @2 :Float32;
  topP @3 :Float32;
  maxTokens @4 :UInt32;
  numVariations @5 :UInt32;
  metadata @6 :Common.ArtifactMetadata;
}

struct OrpheusBridge @0xbb046cf2f39be7df {
  sectionAHash @0 :Text;
  sectionBHash @1 :Text;
  model @2 :Text;
  temperature @3 :Float32;
  topP @4 :Float32;
  maxTokens @5 :UInt32;
  metadata @6 :Common.ArtifactMetadata;
}

struct OrpheusLoops @0xd9286e77953b157d {
  temperature @0 :Float32;
  topP @1 :Float32;
  maxTokens @2 :UInt32;
  numVariations @3 :UInt32;
  seedHash @4 :Text;
  metadata @5 :Common.ArtifactMetadata;
}

struct OrpheusClassify @0xb8d7320f1614fd86 {
  midiHash @0 :Text;
}

struct AbcParse @0xac7bac43da9060dc {
  abc @0 :Text;
}

struct AbcToMidi @0xcbf74fa722fe92a6 {
  abc @0 :Text;
  tempoOverride @1 :UInt16;
  transpose @2 :Int8;
  velocity @3 :UInt8;
  channel @4 :UInt8;
  metadata @5 :Common.ArtifactMetadata;
}

struct AbcValidate @0xe451f1bc2da2cd83 {
  abc @0 :Text;
}

struct AbcTranspose @0xf6c91974c4e5ffdc {
  abc @0 :Text;
  semitones @1 :Int8;
  targetKey @2 :Text;
}

struct ConvertMidiToWav @0xf261bb4faa599221 {
  inputHash @0 :Text;
  soundfontHash @1 :Text;
  sampleRate @2 :UInt32;
  metadata @3 :Common.ArtifactMetadata;
}

struct SoundfontInspect @0xe03405e364cdeb0d {
  soundfontHash @0 :Text;
  includeDrumMap @1 :Bool;
}

struct SoundfontPresetInspect @0xf7ff596b84462733 {
  soundfontHash @0 :Text;
  bank @1 :Int32;
  program @2 :Int32;
}

struct BeatthisAnalyze @0x94d583dd40494c08 {
  audioPath @0 :Text;
  audioHash @1 :Text;
  includeFrames @2 :Bool;
}

struct ClapAnalyze @0xd33e8d1e3f3f38db {
  audioHash @0 :Text;
  tasks @1 :List(Text);
  audioBHash @2 :Text;
  textCandidates @3 :List(Text);
  parentId @4 :Text;
  creator @5 :Text;
}

struct MidiInfo @0x92c3ee4056ca6f6b {
  artifactId @0 :Text;
  hash @1 :Text;
}

struct AudioInfo @0xd5bcf7b3dd770afc {
  artifactId @0 :Text;
  hash @1 :Text;
}

struct MusicgenGenerate @0xb4181ac9ec33d988 {
  prompt @0 :Text;
  duration @1 :Float32;
  temperature @2 :Float32;
  topK @3 :UInt32;
  topP @4 :Float32;
  guidanceScale @5 :Float32;
  doSample @6 :Bool;
  metadata @7 :Common.ArtifactMetadata;
}

struct YueGenerate @0xa87cc2a0cce7cfe9 {
  lyrics @0 :Text;
  genre @1 :Text;
  maxNewTokens @2 :UInt32;
  runNSegments @3 :UInt32;
  seed @4 :UInt64;
  metadata @5 :Common.ArtifactMetadata;
}

struct ArtifactUpload @0xdd18c1d388e9a35b {
  filePath @0 :Text;
  mimeType @1 :Text;
  metadata @2 :Common.ArtifactMetadata;
}

struct ArtifactGet @0xbe1408517ba0f7f3 {
  id @0 :Text;
}

struct ArtifactList @0x84fafb88d9140dee {
  tag @0 :Text;
  creator @1 :Text;
}

struct ArtifactCreate @0xcce287e794fcb096 {
  casHash @0 :Text;
  tags @1 :List(Text);
  creator @2 :Text;
  metadata @3 :Text;
}

struct AddAnnotation @0xee6ef2a4e388af45 {
  artifactId @0 :Text;
  message @1 :Text;
  vibe @2 :Text;
  source @3 :Text;
}

struct ConfigGet @0xfade3bd1e1ce039a {
  section @0 :Text;
  key @1 :Text;
}

struct LuaEval @0xd6deae1cc5b389ee {
  code @0 :Text;
  params @1 :Text;
}

struct LuaDescribe @0x9f28095b679640d7 {
  scriptHash @0 :Text;
}

struct ScriptStore @0x9cffa79c78acab01 {
  content @0 :Text;
  tags @1 :List(Text);
  creator @2 :Text;
}

struct ScriptSearch @0x998ffd32a887d9f5 {
  tag @0 :Text;
  creator @1 :Text;
  vibe @2 :Text;
}

struct ReadResource @0xb6a9847d4bfb0e96 {
  uri @0 :Text;
}

struct Complete @0x95357357e84d0921 {
  context @0 :Text;
  partial @1 :Text;
}

struct SampleLlm @0xdaa000deddd3ca73 {
  prompt @0 :Text;
  maxTokens @1 :UInt32;
  temperature @2 :Float64;
  systemPrompt @3 :Text;
}

struct WeaveEval @0xa3835abead1edcb0 {
  code @0 :Text;
}

struct WeaveReset @0xc1020861e68f884d {
  clearSession @0 :Bool;
}

struct WeaveHelp @0x931d654a69747e22 {
  topic @0 :Text;
}

struct GetToolHelp @0xffd13814607843de {
  topic @0 :Text;
}

struct RaveEncode @0xb6dac7fe89b890e6 {
  audioHash @0 :Text;
  model @1 :Text;
  metadata @2 :Common.ArtifactMetadata;
}

struct RaveDecode @0xe44545ae1eae5ca6 {
  latentHash @0 :Text;
  latentShape @1 :List(UInt32);
  model @2 :Text;
  metadata @3 :Common.ArtifactMetadata;
}

struct RaveReconstruct @0xf2b65e983bcb9245 {
  audioHash @0 :Text;
  model @1 :Text;
  metadata @2 :Common.ArtifactMetadata;
}

struct RaveGenerate @0x92347498cb8166a2 {
  model @0 :Text;
  durationSeconds @1 :Float32;
  temperature @2 :Float32;
  metadata @3 :Common.ArtifactMetadata;
}

struct RaveStreamStart @0xa36e5c7e552969fb {
  model @0 :Text;
  inputIdentity @1 :Text;
  outputIdentity @2 :Text;
  bufferSize @3 :UInt32;
}

struct RaveStreamStop @0xb59da12f1b8e8798 {
  streamId @0 :Text;
}

struct RaveStreamStatus @0xc25b379af49dc9e3 {
  streamId @0 :Text;
}

struct AudioCapture @0xf14cd14b15f1f3f5 {
  durationSeconds @0 :Float32;
  source @1 :Text;
  metadata @2 :Common.ArtifactMetadata;
}

struct Audioldm2Generate @0xe6da23b33535ceb6 {
  prompt @0 :Text;
  negativePrompt @1 :Text;
  duration @2 :Float32;
  numInferenceSteps @3 :UInt32;
  guidanceScale @4 :Float32;
  seed @5 :UInt64;
  metadata @6 :Common.ArtifactMetadata;
}

struct AnticipatoryGenerate @0xffc6ec1ae574a7fc {
  lengthSeconds @0 :Float32;
  topP @1 :Float32;
  modelSize @2 :Text;
  metadata @3 :Common.ArtifactMetadata;
}

struct AnticipatoryContinue @0xbe0d01f139f3d074 {
  inputHash @0 :Text;
  lengthSeconds @1 :Float32;
  primeSeconds @2 :Float32;
  topP @3 :Float32;
  modelSize @4 :Text;
  metadata @5 :Common.ArtifactMetadata;
}

struct AnticipatoryEmbed @0xe19ee62825e7548a {
  inputHash @0 :Text;
  modelSize @1 :Text;
  embedLayer @2 :Int32;
}

struct DemucsSeparate @0x9de181344ce16b74 {
  audioHash @0 :Text;
  model @1 :Text;
  stems @2 :List(Text);
  twoStems @3 :Text;
  metadata @4 :Common.ArtifactMetadata;
}

struct MidiAnalyze @0x9a47a6428bd36994 {
  artifactId @0 :Text;
  hash @1 :Text;
  polyphonyThreshold @2 :Float64;
  densityWindowBeats @3 :Float64;
}

struct MidiVoiceSeparate @0x8007a8f51a0e2d06 {
  artifactId @0 :Text;
  hash @1 :Text;
  method @2 :Text;
  maxPitchJump @3 :UInt8;
  maxGapBeats @4 :Float64;
  maxVoices @5 :UInt8;
  trackIndices @6 :List(UInt16);
}

struct MidiStemsExport @0xf77ebe9aa23842fd {
  artifactId @0 :Text;
  hash @1 :Text;
  voiceData @2 :Text;
  combinedFile @3 :Bool;
  metadata @4 :Common.ArtifactMetadata;
}

struct MidiClassifyVoices @0xb721a41a92702b2d {
  artifactId @0 :Text;
  hash @1 :Text;
  voiceData @2 :Text;
  useMl @3 :Bool;
}

struct MidiUnderstand @0xabf9aef049275be2 {
  artifactId @0 :Text;
  hash @1 :Text;
}

struct TimeConvert @0xdf136c357a41645f {
  value @0 :Float64;
  fromUnit @1 :Text;
  toUnit @2 :Text;
}
