import Arrangement
import AudioDrivers
import Capture
import ContentStore
import ControlSocket
import Generators
import HootCapnProto
import HootWire
import Jobs
import Ledger
import MIDI
import Media
import MusicalTime
import RealtimeEngine
import Settings
import Telemetry
import Tools

/// Every target's limits in one list, for `garden status --limits`.
package enum LimitsTable {
  package struct Row: Sendable {
    let target: String
    let name: String
    let value: Double
    let unit: String
    let refusal: String

    package init(target: String, name: String, value: Double, unit: String, refusal: String) {
      (self.target, self.name, self.value) = (target, name, value)
      (self.unit, self.refusal) = (unit, refusal)
    }
  }

  static let rows: [Row] = engine + timeline + files + drivers + control + kept

  /// Those that the settings say.
  private static func set(_ settings: Settings) -> [Row] {
    [
      row(
        "ControlPlane", "artifact of a job (jobs.artifact_megabytes)",
        Int64(settings.artifactMegabytes) << 20, "bytes", "the job fails")
    ]
  }

  static func json(with others: [Row], _ settings: Settings) -> JSONValue {
    let limits = (rows + set(settings) + others).map { row -> JSONValue in
      [
        "target": .string(row.target), "name": .string(row.name), "value": .number(row.value),
        "unit": .string(row.unit), "refusal": .string(row.refusal),
      ]
    }
    return ["limits": .array(limits)]
  }

  private static func row(
    _ target: String, _ name: String, _ value: some BinaryInteger, _ unit: String, _ refusal: String
  ) -> Row {
    Row(target: target, name: name, value: Double(value), unit: unit, refusal: refusal)
  }

  private static func row(
    _ target: String, _ name: String, _ value: Double, _ unit: String, _ refusal: String
  ) -> Row {
    Row(target: target, name: name, value: value, unit: unit, refusal: refusal)
  }

  private static let engine: [Row] = [
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

  private static let timeline: [Row] = [
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

  private static let files: [Row] = [
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

  private static let drivers: [Row] = [
    row(
      "AudioDrivers", "a device may not call for", DriverLimits.watchdogSeconds, "s",
      "the timer drives: event device_lost"),
    row(
      "AudioDrivers", "time made up for a device that was away", DriverLimits.catchUpSeconds, "s",
      "the rest is left out and counted: lost_frames"),
    row(
      "AudioDrivers", "a block asked of the renderer", DriverLimits.sliceFrames, "frames", "done in slices"),
    row(
      "AudioDrivers", "MIDI messages that wait", DriverLimits.midiInputs, "messages",
      "dropped and counted: midi_dropped"),
    row(
      "AudioDrivers", "message sent to a MIDI port", DriverLimits.longMessageBytes, "bytes", "refused"),
    row(
      "AudioDrivers", "connections remembered of a port", DriverLimits.rememberedConnections, "connections",
      "further ones are not made again"),
    row(
      "AudioDrivers", "highest sample rate of a device", DriverLimits.sampleRates.upperBound, "Hz", "refused"),
    row(
      "AudioDrivers", "shortest period of a card or the timer", DriverLimits.timerPeriods.lowerBound,
      "frames",
      "refused"),
    row(
      "Capture", "minutes that are always kept", CaptureLimits.pastMinutes.upperBound, "minutes", "refused"),
    row("Capture", "captures at once", CaptureLimits.takes, "captures", "refused"),
    row("Capture", "streams at once", CaptureLimits.streams, "streams", "refused"),
    row("Capture", "bytes of a stream's chunk", CaptureLimits.chunkBytes.upperBound, "bytes", "refused"),
    row(
      "RealtimeEngine", "frames played that wait for the disk", EngineLimits.historyFrames, "frames",
      "silence in their place, counted: lost_frames"),
    row("RealtimeEngine", "strips that are captured at once", EngineLimits.taps, "strips", "refused"),
    row("AudioDrivers", "recording of a tap", DriverLimits.tapFrames.upperBound, "frames", "refused"),
  ]

  private static let control: [Row] = [
    row("ControlPlane", "commands that wait to land", ControlLimits.outstanding, "commands", "busy"),
    row("ControlPlane", "a request's wait for room in the renderer", ControlLimits.roomSeconds, "s", "busy"),
    row("ControlPlane", "requests of one client", ControlLimits.requestsPerPeer, "requests", "busy"),
    row("ControlPlane", "files that wait to be loaded", ControlLimits.loaderOrders, "files", "busy"),
    row(
      "ControlPlane", "commands that wait for the playhead", ControlLimits.timedCommands, "commands",
      "refused"),
    row(
      "ControlPlane", "late requests whose outcome is told", ControlLimits.lateRequests, "requests",
      "nothing is told of the rest"),
    row("ControlPlane", "regions in a reply to hootenanny", ControlLimits.peerRegions, "regions", "refused"),
    row("ControlPlane", "raw MIDI message", ControlLimits.rawMIDIBytes, "bytes", "refused"),
    row(
      "ControlPlane", "readers of the sound", ControlLimits.snapshotReaders, "readers",
      "the one that read longest ago begins anew"),
    row(
      "ControlPlane", "sound that readers may lag behind", ControlLimits.heardSeconds, "s",
      "they go on at the oldest"),
    row(
      "ControlPlane", "missing contents looked for at a start", ControlLimits.contentsAtOnce, "contents",
      "the rest at the next start"),
    row(
      "ControlPlane", "soundfonts kept in mind", ControlLimits.fontDescriptions, "fonts", "read once more"),
    row("ControlPlane", "time to a reply", ControlLimits.replySeconds, "s", "answered with an error"),
    row("ControlPlane", "MIDI messages waiting", ControlLimits.midiMessages, "messages", "dropped, counted"),
    row("MIDI", "events of a recording", MIDITake.maximumEvents, "events", "left out, counted"),
    row(
      "ControlPlane", "MIDI messages taken in a turn", ControlLimits.heardMessages, "messages",
      "the rest: next turn"),
    row(
      "ControlPlane", "presses that are one", ControlLimits.midiDebounceMilliseconds, "ms", "the first counts"
    ),
    row("ControlPlane", "MIDI bindings", ControlLimits.midiBindings, "bindings", "refused"),
    row("ControlPlane", "session file", ControlLimits.sessionFileBytes, "bytes", "refused"),
    row("ControlPlane", "name of a stem's file", ControlLimits.fileNameBytes, "bytes", "cut there"),
    row("ControlPlane", "tail of a render", ControlLimits.tailSeconds, "s", "cut there"),
    row("HootWire", "body", HootLimits.bodyBytes, "bytes", "refused"),
    row("HootCapnProto", "segments of a message", CapnProtoLimits.segments, "segments", "refused"),
    row("HootCapnProto", "nesting of a message", Int(CapnProtoLimits.nesting), "levels", "refused"),
    row("HootCapnProto", "values of a message", CapnProtoLimits.values, "values", "refused"),
    row(
      "HootCapnProto", "words read for one of a message", CapnProtoLimits.traversalPerWord, "words", "refused"
    ),
    row("HootCapnProto", "text of a message", CapnProtoLimits.textBytes, "bytes", "refused"),
    row("HootWire", "JSON depth", HootLimits.jsonDepth, "levels", "refused"),
    row(
      "ControlSocket", "messages waiting for a client", Int(SocketLimits.queuedMessages), "messages",
      "dropped, counted"),
    row(
      "ControlSocket", "messages waiting from a host", Int(SocketLimits.hostMessages), "messages", "it waits"),
    row(
      "ControlSocket", "hootenanny's broadcast", SocketLimits.broadcastBytes, "bytes",
      "its connection is closed"),
    row("ControlSocket", "clients with a key", SocketLimits.clientKeys, "clients", "not let in"),
    row(
      "ControlSocket", "clients remembered for garden peers", SocketLimits.rememberedPeers, "clients",
      "the one silent longest is forgotten"),
    row("ControlSocket", "requests by a door in flight", SocketLimits.deskLanes, "requests", "they wait"),
    row("ControlSocket", "requests by a door that wait", SocketLimits.deskWaiting, "requests", "busy"),
    row("ControlSocket", "events kept for event_poll", SocketLimits.keptEvents, "events", "the oldest go"),
    row(
      "ControlSocket", "bytes of events kept for event_poll", SocketLimits.keptEventBytes, "bytes",
      "the oldest go"),
    row(
      "ControlSocket", "events of one event_poll", SocketLimits.pageBytes, "bytes",
      "the next call has the rest"),
    row(
      "ControlPlane", "requests that wait for events", ControlLimits.eventPolls, "requests",
      "answered with what there is"),
    row(
      "ControlSocket", "wait of a door for a command to land", SocketLimits.landingMilliseconds, "ms",
      "answered as it was accepted"),
    row(
      "ControlSocket", "wait of a door until it looks for the daemon", SocketLimits.deskLookMilliseconds,
      "ms",
      "unreachable, where it has gone"),
    row("ControlSocket", "socket path", SocketLimits.socketPathBytes, "bytes", "refused"),
  ]

  private static let kept: [Row] = [
    row("ControlPlane", "edits that are not durable yet", ControlLimits.journalWaiting, "edits", "refused"),
    row(
      "ControlPlane", "edits between two whole sessions", ControlLimits.journalEntries, "edits",
      "the whole session is kept"),
    row(
      "ControlPlane", "tries of a session that could not be kept", ControlLimits.journalRetrySeconds, "s",
      "edits are refused in between"),
    row("ControlPlane", "notes of the playhead's place", ControlLimits.positionSeconds, "s", "none: fixed"),
    row(
      "ControlPlane", "edits that can be undone", ControlLimits.undoDepth, "edits", "the oldest are forgotten"
    ),
    row(
      "ControlPlane", "things that those touch", ControlLimits.undoItems, "things", "the oldest are forgotten"
    ),
    row("ControlPlane", "parts of results waiting", GrowthLimits.waiting, "parts", "counted, not used"),
    row("ControlPlane", "bytes of those", GrowthLimits.waitingBytes, "bytes", "counted, not used"),
    row("ControlPlane", "parts that wait for one before", GrowthLimits.reordered, "parts", "taken as lost"),
    row("ControlPlane", "number of a part", GrowthLimits.numbers, "parts", "counted, not used"),
    row("ControlPlane", "events of a part", GrowthLimits.eventsOfPart, "events", "counted, not used"),
    row("ControlPlane", "events that grow", GrowthLimits.events, "events", "grows no further"),
    row("ControlPlane", "notes that grow", GrowthLimits.beats, "beats", "grows no further"),
    row("ControlPlane", "sound that grows", GrowthLimits.seconds, "s", "grows no further"),
    row("ControlPlane", "jobs whose regions grow", GrowthLimits.jobs, "jobs", "its parts are counted only"),
    row(
      "ControlPlane", "finished streams shown", GrowthLimits.remembered, "jobs", "the oldest are forgotten"),
    row("ControlPlane", "parts of a job told again", GrowthLimits.told, "parts", "the oldest are forgotten"),
    row(
      "ControlPlane", "requests that wait for jobs", ControlLimits.jobPolls, "requests", "answered at once"),
    row("ControlPlane", "requests that sleep", ControlLimits.naps, "requests", "refused"),
    row(
      "Telemetry", "records that wait for the collector", TelemetryLimits.waiting, "records",
      "dropped, counted: telemetry_dropped_total"),
    row(
      "Telemetry", "records of a request to the collector", TelemetryLimits.batch, "records",
      "the rest in the next"),
    row(
      "Telemetry", "time for a request to the collector", TelemetryLimits.requestSeconds, "s",
      "sent again later"),
    row(
      "Telemetry", "hosts or tools counted apart", TelemetryLimits.labels, "labels",
      "counted together as other"),
    row(
      "Telemetry", "looks at the queue that are kept", TelemetryLimits.history, "looks",
      "the oldest are forgotten"),
    row("Telemetry", "collector's address", TelemetryLimits.addressBytes, "bytes", "refused"),
    row("Ledger", "writes and questions waiting", LedgerLimits.waiting, "requests", "refused"),
    row("Ledger", "writes of one commit", LedgerLimits.group, "writes", "the rest in the next"),
    row("Ledger", "rows of an answer", LedgerLimits.page, "rows", "the rest in the next"),
    row("Ledger", "one edit", LedgerLimits.entryBytes, "bytes", "kept as a whole session"),
    row("Ledger", "one session", LedgerLimits.sessionBytes, "bytes", "not kept, said in the status"),
    row("Ledger", "finished jobs forgotten at once", LedgerLimits.pruned, "jobs", "the rest later"),
    row("Ledger", "finished jobs are kept", LedgerLimits.retention / 1000, "s", "forgotten"),
    row("Jobs", "live jobs", JobsLimits.liveJobs, "jobs", "refused: queue_full"),
    row("Jobs", "live jobs of a client", JobsLimits.liveJobsPerClient, "jobs", "refused: queue_full"),
    row("Jobs", "hosts", JobsLimits.hosts, "hosts", "refused"),
    row("Jobs", "slots of a host", JobsLimits.slotsPerHost.upperBound, "slots", "refused"),
    row("Jobs", "services of a host", JobsLimits.servicesPerHost, "services", "refused"),
    row("Jobs", "labels of a host", JobsLimits.labelsPerHost, "labels", "refused"),
    row("Jobs", "name", JobsLimits.nameBytes, "bytes", "refused"),
    row("Jobs", "parameters of a job", JobsLimits.parameterBytes, "bytes", "refused"),
    row("Jobs", "inputs of a job", JobsLimits.inputs, "artifacts", "refused"),
    row("Jobs", "value of a result", JobsLimits.valueBytes, "bytes", "the job fails"),
    row("Jobs", "artifacts of a result", JobsLimits.artifacts, "artifacts", "the job fails"),
    row(
      "Jobs", "workflows", JobsLimits.workflows, "workflows",
      "the oldest that has ended goes; refused where none has"),
    row("Jobs", "phases of a workflow", JobsLimits.workflowPhases, "phases", "refused"),
    row("Jobs", "tasks of a workflow", JobsLimits.workflowTasks, "tasks", "refused"),
    row("Jobs", "one workflow", JobsLimits.workflowBytes, "bytes", "refused"),
    row(
      "ControlPlane", "a workflow's task waits for room", ControlLimits.workflowAgainMilliseconds, "ms",
      "tried again"),
    row(
      "ControlPlane", "a bounce waits for regions that do not come", ControlLimits.workflowSettleSeconds, "s",
      "rendered without them"),
    row(
      "ControlPlane", "tries of a task that are looked at for its region", ControlLimits.workflowTriesSeen,
      "tries",
      "a new region"),
    row("Jobs", "parents of a job", JobsLimits.parents, "jobs", "refused"),
    row("Jobs", "jobs of one order", JobsLimits.batch, "jobs", "refused"),
    row("Jobs", "attempts of a job", JobsLimits.attempts.upperBound, "attempts", "refused"),
    row("Jobs", "message of a host", JobsLimits.messageBytes, "bytes", "cut there"),
    row("Jobs", "time limit of a job", JobsLimits.timeLimit.upperBound / 1000, "s", "refused"),
    row("Jobs", "time to leave a host alone", JobsLimits.retryAfter.upperBound, "s", "cut there"),
  ]
}
