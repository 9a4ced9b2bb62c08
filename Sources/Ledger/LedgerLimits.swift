/// Every limit of this target, named once.
package enum LedgerLimits {
  /// Writes and questions that wait for the ledger's thread; a further one is refused.
  package static let waiting = 16_384
  /// Writes that one commit makes durable together.
  package static let group = 64
  /// Rows of one answer.
  package static let page = 1_000
  /// Bytes of one entry of the journal.
  package static let entryBytes = 64 << 20
  /// Bytes of one session.
  package static let sessionBytes = 256 << 20
  /// Bytes of what is posted of a job's end; a longer one leaves out what can be asked for.
  package static let webhookBytes = 20_000 - 1
  /// Finished jobs forgotten in one transaction.
  package static let pruned = 500
  /// Milliseconds that finished jobs are kept where nobody says otherwise.
  package static let retention: Int64 = 24 * 3_600_000
}
