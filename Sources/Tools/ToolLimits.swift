import MusicalTime

/// The bounds of every argument. Each is refused with the range in the message.
package enum ToolLimits {
  package static let nameLength = NameLimits.characters
  /// Of a URL that somebody names.
  package static let urlLength = 2048
  package static let positionLength = 80
  package static let pathLength = 4096
  package static let referenceLength = 256
  /// Of an artifact's id, behind `artifact_`.
  package static let artifactLength = 128
  /// How often a repeated argument may be given in one request.
  package static let repetitions = 1024

  /// Of a workflow's definition.
  package static let workflowBytes = 512 << 10
  package static let clickDecibels = -60.0...0.0
  package static let clickDivisions = 1...4
  package static let countInBars = 1...4
  /// Points of automation in one request.
  package static let points = 10_000

  package static let beats = 0.0...1_000_000.0
  package static let lengthBeats = 0.001...1_000_000.0
  package static let tempo = 20.0...999.0
  /// Seconds between two taps: 999 to 20 beats a minute.
  package static let tapSeconds = 0.06...3.0
  package static let gainDecibels = -120.0...24.0
  package static let captureSeconds = 0.1...7200.0
  package static let learnSeconds = 1.0...300.0
  package static let benchSeconds = 0.1...600.0
  package static let benchPeriod = 16...8192
  package static let priority = 1...99
  package static let lufs = -60.0...0.0
  package static let ceilingDecibels = -20.0...0.0
  package static let fadeSeconds = 0.0...60.0
  package static let offsetSeconds = 0.0...86_400.0
  package static let pan = -1.0...1.0
  /// 0 … 1 of something.
  package static let share = 0.0...1.0
  package static let decaySeconds = 0.1...20.0
  /// Milliseconds.
  package static let predelay = 0.0...250.0
  package static let chorusHertz = 0.05...5.0
  /// Milliseconds.
  package static let chorusDepth = 0.0...10.0
  package static let velocityScale = 0.01...4.0
  package static let transpose = -48...48
  package static let loopCount = 1...10_000
  package static let duplicates = 1...100_000
  /// Edits taken back or made again by one request.
  package static let undos = 1...256
  /// Regions in one reply: the rest is asked for by leaving those out.
  package static let listed = 1...5_000
  package static let skipped = 0...100_000
  package static let timeoutSeconds = 0.05...86_400.0
  package static let channel = 1...16
  /// Columns of a drawing of sound.
  package static let columns = 16...2048
  /// Notes in a drawing of music; of more the first are drawn.
  package static let drawnNotes = 4096
  /// Of ABC notation in a request.
  package static let abcBytes = 1 << 20
  /// The number of an X: field.
  package static let tune = 0...1_000_000_000
  package static let velocity = 1...127
  /// Of a MIDI message: keys, velocities, controllers and their values.
  package static let midiData = 0...127
  package static let bend = -8192...8191
  /// Characters of a longer message in hexadecimal: 1024 bytes, each with a blank.
  package static let bytesLength = 3072
  package static let bank = 0...16_383
  package static let program = 0...127
  package static let polyphony = 1...256
  package static let period = 64...8192
  package static let block = 16...8192
  /// Threads of a render.
  package static let threads = 1...64
  package static let sampleRate = 22_050...96_000
  /// Time limits of a job: up to 7 days.
  package static let jobSeconds = 0.1...604_800.0
  package static let crossfadeBeats = 0.0...64.0
  /// Of what a host is asked for in words.
  package static let promptBytes = 16_384
  package static let lyricsBytes = 65_536
  /// Content that comes with its request, in base64. What is longer is given by its file.
  package static let inlineBytes = 245_760
  /// Of a place in a list.
  package static let cursorLength = 100
  /// Of a host's URL or program with its arguments.
  package static let addressLength = 2048
  package static let hostSlots = 1...256
  package static let hostTools = 256
  /// Jobs of `job demo`.
  package static let demoJobs = 1...1_000
  /// Of the times of `job demo`: from 20 ms to 40 s a job.
  package static let demoScale = 0.001...1.0
  /// Seconds between two looks at a list of tasks whose folder told nothing.
  package static let beadsInterval = 0.1...3_600.0
  /// Of a list of tasks.
  package static let beadsBytes = 64 << 20
  /// Rows of the ledger in `bench jobs`.
  package static let benchRows = 1_000...1_000_000
}
