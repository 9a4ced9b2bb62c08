/// Who may come in by TCP.
package enum NetworkGuard: Equatable, Sendable {
  /// Everybody who gets there: this machine alone, or at the user's own risk.
  case nobody
  /// Who knows the server's public key and shows one of these. Everything said is encrypted.
  case keys(secret: CurveKey, allowed: Set<CurveKey>)
}
