import AudioDrivers
import Capture
import ControlSocket
import HootCapnProto
import HootWire
import MIDI
import RealtimeEngine
import Tools

/// What devices and clients may do.
extension LimitsTable {
  static let drivers: [Row] = [
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

  static let control: [Row] = [
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
}
