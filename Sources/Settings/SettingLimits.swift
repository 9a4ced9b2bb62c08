/// The bounds of settings and of the files they stand in.
package enum SettingLimits {
  /// A larger configuration file is refused unread.
  package static let fileBytes = 1 << 20
  /// A Unix socket's path holds 107 bytes; `/chaosgarden-control` takes 20 of them.
  package static let socketDirBytes = 87
  package static let textLength = 64
  /// Of a URL.
  package static let addressLength = 2048
  /// Of several URLs or addresses.
  package static let webhooksLength = 4096
  package static let pathBytes = 4096
  package static let sampleRate = 22_050...96_000
  package static let period = 64...8192
  /// Of SCHED_FIFO; above stand the kernel's own threads.
  package static let priority = 1...95
  package static let voices = 1...4096
  /// dB of true peak.
  package static let ceiling = -20.0...0.0
  package static let clipMegabytes = 16...65_536
  package static let residentMegabytes = 0...65_536
  package static let headMegabytes = 0...4096
  package static let port = 0...65_535
  package static let artifactMegabytes = 1...4096
  package static let captureMinutes = 0...120
  package static let workers = 0...65_536
}
