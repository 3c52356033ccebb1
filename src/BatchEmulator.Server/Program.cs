using BatchEmulator.Server.Commands;

return await CommandLine.RunAsync(args);
