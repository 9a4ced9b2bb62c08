/// Every limit of the control plane, with the refusal it gives.
package enum ControlLimits {
  /// Commands and edits accepted and not yet landed; the next one waits, and is answered `busy` after `roomSeconds`.
  package static let outstanding = 2048
  /// Seconds that a request waits for the renderer to have room; after that it is answered `busy`.
  package static let roomSeconds = 1.0
  /// Slots of the command ring kept for what an accepted command brings with it: banks, mixer values,
  /// schedules.
  package static let commandReserve = 1024
  /// Between two looks whether what should have landed has.
  static let landingLookMicroseconds = 150
  /// Requests of one client that wait their turn; the next one is answered `busy`.
  package static let requestsPerPeer = 1024
  /// Files, synths and devices that wait to be loaded; the next one is answered `busy`.
  package static let loaderOrders = 1024
  /// Regions on the timeline that a peer may ask for in one reply; of more it is refused.
  package static let peerRegions = 20_000
  /// Between two looks for devices that have come or gone.
  package static let deviceLookSeconds = 2.0
  /// Beats and markers that the playhead passed in one turn are told up to so many ticks back; of a jump none.
  package static let pulseTicks = 3840.0
  /// Requests that were answered as late and go on; what comes of further ones is not told.
  package static let lateRequests = 1024
  /// Bytes of a raw MIDI message; a longer one is refused.
  package static let rawMIDIBytes = 65_536
  /// Who reads the sound, each with a place of its own; the one that read longest ago begins anew.
  package static let snapshotReaders = 256
  /// Seconds of sound that readers may lag behind; then they go on at the oldest.
  package static let heardSeconds = 2.0
  /// Contents that were missing and are looked for when the music starts; further ones the next time.
  package static let contentsAtOnce = 64
  /// Commands that wait for the playhead; the next one is refused.
  package static let timedCommands = 100_000
  /// After this long a request that still loads is answered with an error; what comes of it is told by an event.
  package static let abcAtOnceBytes = 4096
  /// Longest sound that `audio_info` measures; of a longer one the levels are left out.
  package static let measuredSeconds = 1800.0
  /// Frames of a file that are looked at for a picture of it: of a longer one, the beginning of each column.
  package static let drawnFrames: Int64 = 1 << 26
  package static let replySeconds = 25.0
  /// Requests that wait for events. More: answered with what there is.
  package static let eventPolls = 256
  /// Seconds of sound after the last region that a render waits for tails.
  package static let tailSeconds = 30.0
  /// Frames read at a time for a stream.
  package static let readerChunkFrames: Int64 = 8192
  /// How often the reader looks for orders while there are clips that stream.
  package static let readerPollMilliseconds: Int32 = 4
  /// Threads that read; more than one only while others hang. So many of them may wait for one disk, and a read
  /// that takes longer than this hangs. The others look that often whether they are needed.
  static let readers = 4
  static let readersOfADisk = 2
  static let hungReadSeconds = 0.1
  static let readerReliefMilliseconds: Int32 = 50
  /// Messages to and from the reader.
  package static let readerMessages = 4096
  /// Open places of files that no stream reads at present; the oldest is closed.
  package static let restingSources = 8
  /// A read that takes longer is not waited for when the daemon ends.
  package static let stuckReadSeconds = 1.0
  /// Stretches of streamed files kept in memory, whatever their size; the least wanted are not.
  package static let heads = 1024
  /// Files that stream, each open for as long as it is on the timeline; the next one is refused.
  package static let streamedFiles = 512
  /// Messages of a MIDI device that wait for a turn of the control thread; more are dropped and counted.
  package static let midiMessages = 1024
  /// Bytes taken from a MIDI device at once, at most a thousand times a second.
  package static let midiReadBytes = 64
  /// How long a lost MIDI device is left alone before it is tried again; twice as long each time.
  package static let midiReopenMilliseconds = 100...5000
  /// Presses of one switch that are closer are one.
  package static let midiDebounceMilliseconds = 30
  /// Bound messages; another is refused.
  package static let midiBindings = 128
  package static let bindingsFileBytes = 1 << 20
  /// How long the end of the daemon waits for the renderer to halt.
  package static let haltMilliseconds = 300
  /// MIDI messages taken from the renderer in one turn; the rest waits for the next.
  package static let heardMessages = 4096
  /// How long `learn` waits for its message when it is not told.
  package static let learnSeconds = 30.0
  /// A session's file; a larger one is refused.
  package static let sessionFileBytes = 256 << 20
  /// The name of a stem's file, without its ending; a longer one is cut.
  package static let fileNameBytes = 100
  /// Samples of a file that is auditioned: six minutes of stereo at 48 kHz.
  package static let auditionBytes = 138_240_000
  /// A soundfont's bytes.
  package static let soundfontBytes: Int64 = 2 << 30

  /// Edits that are not on the disk yet; a further one is refused.
  package static let journalWaiting = 8_192
  /// Edits after which the whole session is kept again.
  package static let journalEntries = 2_048
  /// Seconds until a session that could not be kept is tried again.
  package static let journalRetrySeconds = 2.0
  /// Seconds between two notes of where a rolling playhead is.
  package static let positionSeconds = 2.0
  /// Edits that can be taken back, all clients' together, and the things that those may touch.
  package static let undoDepth = 256
  package static let undoItems = 200_000
  /// News of jobs and answers about them that wait for a turn of the control thread.
  package static let jobNews = 262_144
  /// Requests that wait for jobs to end; a further one is answered at once.
  package static let jobPolls = 4096
  /// Tries of a workflow's task that are looked at for its region.
  package static let workflowTriesSeen = 16
  /// Milliseconds until a task that there was no room for is tried again.
  package static let workflowAgainMilliseconds: Int64 = 1_000
  /// Seconds that a bounce waits for regions that were approved and do not come.
  package static let workflowSettleSeconds = 20.0
  /// Soundfonts whose presets are kept in mind.
  package static let fontDescriptions = 64
  /// Requests that sleep; a further one is refused.
  package static let naps = 1024
  /// Between two looks when what jobs make is needed, while nothing has moved.
  static let deadlineLookSeconds = 1.0
  /// A region that begins sooner than this is already being played for whoever wants to enter it.
  static let entranceSeconds = 0.05
  /// Each time that something came too late for its line, the time it is given doubles, so often: 10 ms to 1.28 s.
  static let entranceMisses = 7
  /// Frames at full scale that what has come may have; with more it is clipped, and waits for a person.
  package static let clippedFrames: Int64 = 64
  /// Regions looked at for the one before, which a fallback plays on.
  static let fallbackLook = 4096
}
