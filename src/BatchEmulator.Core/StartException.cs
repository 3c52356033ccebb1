namespace BatchEmulator.Core;

/// <summary>The emulator cannot start with its present options; the message is one line for the user, and says what would help.</summary>
public class StartException(string message) : Exception(message);
