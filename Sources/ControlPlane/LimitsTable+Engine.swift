import Arrangement
import ContentStore
import Generators
import MIDI
import Media
import MusicalTime
import RealtimeEngine
import Tools

/// What the renderer, the timeline and the material hold.
extension LimitsTable {
  static let engine: [Row] = [
    row("RealtimeEngine", "grid", EngineLimits.gridFrames, "frames", "none: notes land within half of it"),
    row(
      "RealtimeEngine", "block", EngineLimits.maximumBlockFrames, "frames",
      "longer blocks are rendered in slices"),
    row("RealtimeEngine", "tracks", EngineLimits.tracks, "tracks", "refused"),
    row("RealtimeEngine", "synths per track", EngineLimits.synthsPerBank, "synths", "none: fixed"),
    row(
      "RealtimeEngine", "memory of a track's synths, its font apart", EngineLimits.bankMegabytes, "MB",
      "none: fixed"),
    row(
      "RealtimeEngine", "channels set right after a jump in a grid block", EngineLimits.chasesPerGridBlock,
      "channels", "the rest: next grid block, or before its next note"),
    row(
      "RealtimeEngine", "sounding MIDI regions of a track", EngineLimits.channelBlocks, "regions",
      "the next one stays silent: event region_refused"),
    row(
      "RealtimeEngine", "sounding MIDI regions", EngineLimits.midiPlayers, "regions",
      "the next one stays silent: event region_refused"),
    row(
      "RealtimeEngine", "sounding audio regions", EngineLimits.audioVoices, "regions",
      "the next one stays silent: event region_refused"),
    row(
      "RealtimeEngine", "notes started on a synth in a grid block", EngineLimits.noteOnsPerGridBlock, "notes",
      "further ones are left out and counted: notes_refused"),
    row(
      "RealtimeEngine", "voices of a synth", EngineLimits.voicesPerSynth, "voices",
      "the oldest released end first"),
    row("RealtimeEngine", "voice budget at most", EngineLimits.maximumVoiceBudget, "voices", "refused"),
    row("RealtimeEngine", "bars counted in", Int(EngineLimits.countInBars), "bars", "refused"),
    row("RealtimeEngine", "command ring", EngineLimits.commandRing, "commands", "busy"),
    row(
      "RealtimeEngine", "notice ring", EngineLimits.noticeRing, "notices",
      "room is kept for what was accepted"),
    row(
      "RealtimeEngine", "commands taken in a block", EngineLimits.commandsPerBlock, "commands",
      "the rest: next block"),
    row(
      "RealtimeEngine", "replaced schedules", EngineLimits.retiringSchedules, "schedules",
      "the next edit waits"),
    row(
      "RealtimeEngine", "replaced synths ringing out", EngineLimits.retiringBanks, "banks",
      "the older half fades over 5 ms"),
    row(
      "RealtimeEngine", "tail of replaced synths that hold nothing", EngineLimits.ringOutSeconds, "s",
      "faded there"),
    row(
      "RealtimeEngine", "notes held in replaced synths", EngineLimits.heldAfterSwapSeconds, "s", "faded there"
    ),
    row(
      "RealtimeEngine", "regions of a kind that begin in a grid block", EngineLimits.regionsStarted,
      "regions",
      "the rest stays silent and is counted: regions_refused"),
    row(
      "RealtimeEngine", "regions of a kind looked at where the playhead is put", EngineLimits.regionsEntered,
      "regions", "those that start last"),
    row("RealtimeEngine", "memory of a region", RegionChunk.bytesPerRegion, "bytes", "none: what it takes"),
    row(
      "RealtimeEngine", "memory of a MIDI event", MIDIClipContent.bytesPerEvent, "bytes",
      "none: what it takes"),
    row(
      "RealtimeEngine", "memory of a command that waits for the playhead", Engine.timedCommandBytes, "bytes",
      "none: what it takes"),
    row("RealtimeEngine", "lowest sample rate", EngineLimits.minimumSampleRate, "Hz", "refused"),
    row("RealtimeEngine", "highest sample rate", EngineLimits.maximumSampleRate, "Hz", "refused"),
    row("RealtimeEngine", "look-ahead", EngineLimits.lookAheadFrames, "frames", "none: fixed, on or off"),
    row("RealtimeEngine", "limiter's release", EngineLimits.limiterReleaseSeconds, "s", "none: fixed"),
    row(
      "RealtimeEngine", "grid blocks that wait for the loudness meter", EngineLimits.meterRing, "blocks",
      "not measured, and counted: missed_blocks"),
    row("RealtimeEngine", "shortest loop", EngineLimits.minimumLoopSeconds, "s", "refused"),
    row(
      "RealtimeEngine", "streams that sound or are read ahead", EngineLimits.streams, "streams",
      "the next one is silent until one is free: event starving"),
    row("RealtimeEngine", "ring of a stream", EngineLimits.streamSeconds, "s", "none: fixed"),
    row(
      "RealtimeEngine", "a region's stream is filled before its start", EngineLimits.streamAheadSeconds, "s",
      "none: fixed"),
    row("RealtimeEngine", "head of a streamed file", EngineLimits.headSeconds, "s", "none: fixed"),
    row(
      "RealtimeEngine", "wait of a jump for its streams", EngineLimits.jumpWaitSeconds, "s",
      "it is made without them: event starving"),
    row("RealtimeEngine", "MIDI ports of a direction", EngineLimits.midiPorts, "ports", "refused"),
    row(
      "RealtimeEngine", "MIDI messages between ports and renderer", EngineLimits.midiRing, "messages",
      "counted: missed or dropped; what sounds on the port is let go"),
    row(
      "RealtimeEngine", "MIDI messages sent directly that wait", EngineLimits.midiPosts, "messages", "busy"),
    row(
      "RealtimeEngine", "MIDI messages of a source played in a grid block", EngineLimits.liveMessages,
      "messages", "the rest: next grid block"),
    row(
      "RealtimeEngine", "regions sounding on MIDI ports", EngineLimits.outPlayers, "regions",
      "the next one stays silent: event region_refused"),
    row("RealtimeEngine", "fade that hides a cut", EngineLimits.declickSeconds, "s", "none: fixed"),
  ]

  static let timeline: [Row] = [
    row("MusicalTime", "slowest tempo", TimeLimits.minimumBPM, "BPM", "refused"),
    row("MusicalTime", "fastest tempo", TimeLimits.maximumBPM, "BPM", "refused"),
    row("MusicalTime", "timeline", TimeLimits.maximumTick / ticksPerBeat, "beats", "refused"),
    row("MusicalTime", "tempo changes", TimeLimits.maximumTempoChanges, "changes", "refused"),
    row("MusicalTime", "signature changes", TimeLimits.maximumSignatureChanges, "changes", "refused"),
    row("MusicalTime", "position", TimeLimits.maximumPositionCharacters, "bytes", "refused"),
    row("Arrangement", "tracks", ArrangementLimits.tracks, "tracks", "refused"),
    row("Arrangement", "buses", ArrangementLimits.buses, "buses", "refused"),
    row("Arrangement", "sends of a track or bus", ArrangementLimits.sends, "sends", "refused"),
    row("Arrangement", "regions", ArrangementLimits.regions, "regions", "refused"),
    row("Arrangement", "points of a lane", ArrangementLimits.lanePoints, "points", "refused"),
    row("Arrangement", "lanes of automation", ArrangementLimits.lanes, "lanes", "refused"),
    row("Arrangement", "points of all lanes", ArrangementLimits.automationPoints, "points", "refused"),
    row("Arrangement", "markers", ArrangementLimits.markers, "markers", "refused"),
    row("Arrangement", "regions from jobs or the store", ArrangementLimits.latents, "regions", "refused"),
    row(
      "Arrangement", "a text that such a region keeps", ArrangementLimits.latentTextBytes, "bytes", "refused"),
    row("Arrangement", "name", ArrangementLimits.nameCharacters, "characters", "refused"),
  ]

  static let files: [Row] = [
    row("MIDI", "file", MIDILimits.maximumFileBytes, "bytes", "refused"),
    row("MIDI", "events of a file", MIDILimits.maximumEvents, "events", "refused"),
    row("MIDI", "tracks of a file", MIDILimits.maximumTracks, "tracks", "refused"),
    row("Generators", "ABC text", GeneratorLimits.abcBytes, "bytes", "refused"),
    row("Generators", "tunes of an ABC text", GeneratorLimits.tunes, "tunes", "left out, with an error"),
    row("Generators", "voices of a tune", GeneratorLimits.voices, "voices", "an error of the text"),
    row(
      "Generators", "notes and bars of a tune", GeneratorLimits.elements, "elements", "an error of the text"),
    row(
      "Generators", "notes of a tune with its repeats", GeneratorLimits.playedElements, "elements", "refused"),
    row("Generators", "tune, and what is generated", GeneratorLimits.beats, "beats", "refused"),
    row(
      "Generators", "errors and warnings kept", GeneratorLimits.diagnostics, "lines", "the rest is counted"),
    row(
      "ControlPlane", "sound measured for audio info", ControlLimits.measuredSeconds, "s",
      "its levels are left out"),
    row(
      "ControlPlane", "ABC read on the control thread", ControlLimits.abcAtOnceBytes, "bytes",
      "longer text: on the loader's"),
    row(
      "ControlPlane", "frames looked at for a picture of a file", ControlLimits.drawnFrames, "frames",
      "the beginnings of its columns"),
    row("Tools", "notes of a picture", ToolLimits.drawnNotes, "notes", "the others are counted"),
    row("Media", "clip", MediaLimits.maximumClipBytes, "bytes", "refused"),
    row("Media", "channels of a file", MediaLimits.maximumChannels, "channels", "refused"),
    row("Media", "file that streams", MediaLimits.maximumStreamFrames, "frames", "refused"),
    row(
      "ControlPlane", "threads that read streams", ControlLimits.readers, "threads",
      "the rest waits: event starving"),
    row(
      "ControlPlane", "threads that wait for one disk", ControlLimits.readersOfADisk, "threads",
      "its other files wait: event starving"),
    row("ControlPlane", "a read that hangs", ControlLimits.hungReadSeconds, "s", "another thread goes on"),
    row("ControlPlane", "files that stream", ControlLimits.streamedFiles, "files", "refused"),
    row(
      "ControlPlane", "heads of streamed files", ControlLimits.heads, "heads",
      "the least wanted are not kept"),
    row("ControlPlane", "audition", ControlLimits.auditionBytes, "bytes", "refused"),
    row("ControlPlane", "soundfont", ControlLimits.soundfontBytes, "bytes", "refused"),
    row("ContentStore", "blob", ContentLimits.blobBytes, "bytes", "refused"),
    row("ContentStore", "metadata of a blob", ContentLimits.metadataBytes, "bytes", "not believed"),
    row("ContentStore", "list of artifacts", ContentLimits.artifactsBytes, "bytes", "refused"),
    row("ContentStore", "blobs listed or checked", ContentLimits.listedNames, "blobs", "refused"),
    row(
      "ContentStore", "check of the store at a time", ContentLimits.checkSeconds, "s",
      "the rest: asked for from where it paused"),
  ]
}
