using LiteDB;
using LiteDB.Engine;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>The data file of a small database that is built in memory.</summary>
internal static class DatabaseImage
{
    /// <param name="fill">Writes the documents.</param>
    public static byte[] Create(Action<LiteDbSession> fill)
    {
        using var data = new MemoryStream();
        using (var engine = new LiteEngine(new EngineSettings { DataStream = data, Collation = Collation.Binary }))
        {
            engine.Pragma("CHECKPOINT", 0);
            engine.BeginTrans();
            fill(new LiteDbSession(engine));
            engine.Commit();
            engine.Checkpoint();
        }

        return data.ToArray();
    }
}
