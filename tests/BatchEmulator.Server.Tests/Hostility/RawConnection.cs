using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BatchEmulator.Server.Tests.Hostility;

/// <summary>A connection that sends arbitrary bytes, and reads the answers.</summary>
internal sealed class RawConnection(IPEndPoint server) : IDisposable
{
    private const int LargestAnswer = 16 * 1024 * 1024;

    private Socket? _socket;
    private byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="request">If it is not complete, the connection is abandoned after the first answer.</param>
    /// <param name="cancellationToken">Limits the wait of the caller.</param>
    /// <returns>Null when the server closed the connection without an answer.</returns>
    public async Task<RawAnswer?> SendAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        // A server may close a kept-alive connection at any time; a request that meets this is sent again.
        var isReused = _socket is not null;
        return await TrySendAsync(request, cancellationToken) is { } answer ? answer
            : isReused && request.Framing == Framing.Whole ? await TrySendAsync(request, cancellationToken)
            : null;
    }

    public void Dispose() => Close();

    private async Task<RawAnswer?> TrySendAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        if (_socket is null)
        {
            _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _socket.ConnectAsync(server, cancellationToken);
        }

        RawAnswer? answer = null;
        try
        {
            await SendAllAsync(request.Bytes, cancellationToken);
            if (request.Framing == Framing.Cut)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }

            answer = await ReadAsync(request.IsHead, cancellationToken);
        }
        catch (SocketException)
        {
            // It closed while the request was still being sent; an answer may have come before that.
            answer = TryParse(request.IsHead, out var early) ? early : null;
        }

        if (answer is null || answer.IsLast || request.Framing != Framing.Whole)
        {
            Close();
        }

        return answer;
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket!.SendAsync(bytes, cancellationToken)..];
        }
    }

    private async Task<RawAnswer?> ReadAsync(bool isHead, CancellationToken cancellationToken)
    {
        RawAnswer? answer;
        while (!TryParse(isHead, out answer))
        {
            if (_filled == _buffer.Length)
            {
                if (_filled >= LargestAnswer)
                {
                    throw new InvalidDataException("The answer does not end.");
                }

                Array.Resize(ref _buffer, _buffer.Length * 2);
            }

            var read = await _socket!.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
            {
                return null;
            }

            _filled += read;
        }

        return answer;
    }

    private bool TryParse(bool isHead, out RawAnswer? answer)
    {
        answer = null;
        while (true)
        {
            var filled = _buffer.AsSpan(0, _filled);
            var end = filled.IndexOf("\r\n\r\n"u8);
            if (end < 0)
            {
                return false;
            }

            var head = Encoding.Latin1.GetString(filled[..end]);
            var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (status is > 100 and < 200)
            {
                // Switching protocols: no HTTP from here on.
                answer = new(status, head, "", true);
                return true;
            }

            var length = status is 100 or 204 or 304 ? 0 : isHead ? 0 : int.Parse(Header(head, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
            if (filled.Length < end + 4 + length)
            {
                return false;
            }

            var body = Encoding.UTF8.GetString(filled.Slice(end + 4, length));
            filled[(end + 4 + length)..].CopyTo(_buffer);
            _filled -= end + 4 + length;
            if (status == 100)
            {
                continue;
            }

            var isLast = string.Equals(Header(head, "Connection"), "close", StringComparison.OrdinalIgnoreCase)
                || Header(head, "Transfer-Encoding") is not null;
            answer = new(status, head, body, isLast);
            return true;
        }
    }

    private static string? Header(string head, string name)
    {
        var start = head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 3;
        var end = head.IndexOf("\r\n", start, StringComparison.Ordinal);
        return head[start..(end < 0 ? head.Length : end)].Trim();
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
        _filled = 0;
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">Body; empty if the length is not announced.</param>
/// <param name="IsLast">True if the server closes the connection.</param>
internal sealed record RawAnswer(int Status, string Head, string Body, bool IsLast);
