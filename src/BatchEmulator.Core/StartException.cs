namespace BatchEmulator.Core;

/// <summary>The emulator cannot start with its present options; the message is one line for the user, and states the remedy.</summary>
public class StartException(string message) : Exception(message);
