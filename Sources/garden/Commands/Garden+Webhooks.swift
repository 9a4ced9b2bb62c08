import HootWire
import Settings
import Tools

extension Garden {
  /// Shows the secrets that sign webhooks, or changes them. Needs no daemon.
  func webhookSecret() throws(ToolError) -> Int32 {
    let path = try settings().webhookSecretFile
    let (rotates, forgets) = (invocation.arguments.isSet(.rotate), invocation.arguments.isSet(.forget))
    guard !(rotates && forgets) else {
      throw ToolError(
        code: "contradiction", what: "it is not clear what is wanted",
        why: "Seen --rotate and --forget; give one of them.", next: "garden help webhook secret")
    }
    let secrets =
      rotates
      ? try WebhookSecrets.rotate(at: path)
      : forgets ? try WebhookSecrets.forget(at: path) : try WebhookSecrets.keep(at: path)
    if invocation.wantsJSON {
      printJSON(["secrets": .array(secrets.map { .string($0.text) }), "file": .string(path)])
    } else {
      for secret in secrets { console.print(secret.text) }
    }
    return ExitCode.done.rawValue
  }
}
