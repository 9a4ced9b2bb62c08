/// Every limit of the content store, with the refusal it gives.
package enum ContentLimits {
  /// Bytes of a blob that is read or written; a larger one is refused.
  package static let blobBytes: Int64 = 4 << 30
  /// A blob's metadata file; a larger one is refused.
  package static let metadataBytes = 64 << 10
  package static let mimeTypeBytes = 127
  /// hootenanny's list of artifacts; a larger one is refused.
  package static let artifactsBytes = 64 << 20
  /// Names looked at in one listing or in one folder; the rest is refused.
  package static let listedNames = 1_000_000
  /// Bytes read or copied at a time.
  package static let pieceBytes = 1 << 20
  /// Seconds after which a check of the whole store pauses, so that what waits behind it gets its turn.
  package static let checkSeconds = 2.0
  /// Bytes of a blob that `preview` looks at.
  package static let previewBytes = 96
}
