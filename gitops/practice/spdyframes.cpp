// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/spdyframes.h"

#include <algorithm>
#include <array>
#include <utility>
#include <zlib.h>

namespace gitops::practice {

namespace {

constexpr std::size_t kHead = 8;
constexpr std::size_t kLargestFrame = 1u << 20;
constexpr std::size_t kLargestBlock = 64u << 10;
constexpr std::uint16_t kVersion = 3;

std::uint32_t number(std::string_view bytes, std::size_t at)
{
    std::uint32_t out = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        out = out << 8 | static_cast<unsigned char>(bytes[i]);
    return out;
}

void append(std::string& out, std::uint32_t value)
{
    for (const int shift : {24, 16, 8, 0})
        out += char(value >> shift & 0xff);
}

bool hasStreamId(std::uint16_t type)
{
    return type == SpdyFrame::SynStream || type == SpdyFrame::SynReply
        || type == SpdyFrame::RstStream || type == SpdyFrame::Headers;
}

/// The dictionary of SPDY/3: words with their length in four bytes, and a tail without.
std::string makeDictionary()
{
    static constexpr std::string_view words[] {"options",
                                               "head",
                                               "post",
                                               "put",
                                               "delete",
                                               "trace",
                                               "accept",
                                               "accept-charset",
                                               "accept-encoding",
                                               "accept-language",
                                               "accept-ranges",
                                               "age",
                                               "allow",
                                               "authorization",
                                               "cache-control",
                                               "connection",
                                               "content-base",
                                               "content-encoding",
                                               "content-language",
                                               "content-length",
                                               "content-location",
                                               "content-md5",
                                               "content-range",
                                               "content-type",
                                               "date",
                                               "etag",
                                               "expect",
                                               "expires",
                                               "from",
                                               "host",
                                               "if-match",
                                               "if-modified-since",
                                               "if-none-match",
                                               "if-range",
                                               "if-unmodified-since",
                                               "last-modified",
                                               "location",
                                               "max-forwards",
                                               "pragma",
                                               "proxy-authenticate",
                                               "proxy-authorization",
                                               "range",
                                               "referer",
                                               "retry-after",
                                               "server",
                                               "te",
                                               "trailer",
                                               "transfer-encoding",
                                               "upgrade",
                                               "user-agent",
                                               "vary",
                                               "via",
                                               "warning",
                                               "www-authenticate",
                                               "method",
                                               "get",
                                               "status",
                                               "200 OK",
                                               "version",
                                               "HTTP/1.1",
                                               "url",
                                               "public",
                                               "set-cookie",
                                               "keep-alive",
                                               "origin"};
    static constexpr std::string_view tail =
        "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
        "203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request"
        "401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented"
        "503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, "
        "Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,"
        "application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age="
        "gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
    std::string out;
    for (const std::string_view word : words) {
        append(out, std::uint32_t(word.size()));
        out += word;
    }
    return out += tail;
}

const std::string& dictionary()
{
    static const std::string text = makeDictionary();
    return text;
}

Bytef* bytesOf(std::string_view text)
{
    // zlib reads it; its type just has no const.
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

std::optional<SpdyHeaders> readPairs(std::string_view block)
{
    std::size_t at = 0;
    const auto take = [&]() -> std::optional<std::string_view> {
        if (block.size() - at < 4)
            return {};
        const std::size_t size = number(block, at);
        if (block.size() - at - 4 < size)
            return {};
        const std::string_view out = block.substr(at + 4, size);
        at += 4 + size;
        return out;
    };
    if (block.size() < 4)
        return {};
    const std::uint32_t count = number(block, 0);
    at = 4;
    SpdyHeaders out;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto name = take();
        const auto value = name ? take() : std::nullopt;
        if (!value)
            return {};
        std::string key(*name);
        std::ranges::transform(key, key.begin(), [](unsigned char c) {
            return c >= 'A' && c <= 'Z' ? char(c + 32) : char(c);
        });
        out[key] = std::string(*value);
    }
    return out;
}

} // namespace

bool SpdyReader::take(SpdyFrame& frame)
{
    const std::string_view rest = std::string_view(m_buffer).substr(m_read);
    if (rest.size() < kHead)
        return false;
    const std::uint32_t first = number(rest, 0);
    const std::uint32_t second = number(rest, 4);
    const std::size_t length = second & 0xff'ffff;
    const bool isControl = (first >> 31) != 0;
    if (length > kLargestFrame || (isControl && (first >> 16 & 0x7fff) != kVersion)) {
        m_isBroken = true;
        return false;
    }
    if (rest.size() - kHead < length)
        return false;
    frame = {};
    frame.flags = std::uint8_t(second >> 24);
    frame.payload = rest.substr(kHead, length);
    m_read += kHead + length;
    if (!isControl) {
        frame.streamId = first;
        return true;
    }
    frame.type = std::uint16_t(first & 0xffff);
    if (frame.type == SpdyFrame::Data || (hasStreamId(frame.type) && length < 4)) {
        m_isBroken = true;
        return false;
    }
    if (hasStreamId(frame.type))
        frame.streamId = number(frame.payload, 0) & 0x7fff'ffff;
    return true;
}

std::vector<SpdyFrame> SpdyReader::feed(std::string_view bytes)
{
    std::vector<SpdyFrame> out;
    if (m_isBroken)
        return out;
    m_buffer += bytes;
    for (SpdyFrame frame; take(frame);)
        out.push_back(std::move(frame));
    m_buffer.erase(0, std::exchange(m_read, 0));
    return out;
}

std::string spdyText(const SpdyFrame& frame)
{
    std::string out;
    append(out,
           frame.type == SpdyFrame::Data
               ? frame.streamId
               : 0x8000'0000u | std::uint32_t(kVersion) << 16 | frame.type);
    append(out, std::uint32_t(frame.flags) << 24 | std::uint32_t(frame.payload.size()));
    return out += frame.payload;
}

struct SpdyInflater::Private
{
    z_stream stream {};
    bool isGood = false;
};

SpdyInflater::SpdyInflater()
    : d(std::make_unique<Private>())
{
    d->isGood = inflateInit(&d->stream) == Z_OK;
}

SpdyInflater::~SpdyInflater()
{
    inflateEnd(&d->stream);
}

std::optional<SpdyHeaders> SpdyInflater::read(std::string_view block)
{
    z_stream& stream = d->stream;
    stream.next_in = bytesOf(block);
    stream.avail_in = uInt(block.size());
    std::string out;
    std::array<char, 4096> chunk {};
    while (d->isGood) {
        stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
        stream.avail_out = uInt(chunk.size());
        int code = inflate(&stream, Z_SYNC_FLUSH);
        if (code == Z_NEED_DICT) {
            code = inflateSetDictionary(&stream, bytesOf(dictionary()), uInt(dictionary().size()));
            if (code == Z_OK)
                continue;
        }
        const std::size_t made = chunk.size() - stream.avail_out;
        out.append(chunk.data(), made);
        d->isGood = (code == Z_OK || code == Z_BUF_ERROR) && out.size() <= kLargestBlock;
        if (made < chunk.size())
            break;
    }
    if (!d->isGood)
        return {};
    return readPairs(out);
}

struct SpdyDeflater::Private
{
    z_stream stream {};
};

SpdyDeflater::SpdyDeflater()
    : d(std::make_unique<Private>())
{
    deflateInit(&d->stream, Z_BEST_SPEED);
    deflateSetDictionary(&d->stream, bytesOf(dictionary()), uInt(dictionary().size()));
}

SpdyDeflater::~SpdyDeflater()
{
    deflateEnd(&d->stream);
}

std::string SpdyDeflater::write(const SpdyHeaders& headers)
{
    std::string block;
    append(block, std::uint32_t(headers.size()));
    for (const auto& [name, value] : headers)
        for (const std::string& text : {name, value}) {
            append(block, std::uint32_t(text.size()));
            block += text;
        }
    z_stream& stream = d->stream;
    std::string out(deflateBound(&stream, uLong(block.size())) + 64, '\0');
    stream.next_in = bytesOf(block);
    stream.avail_in = uInt(block.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = uInt(out.size());
    deflate(&stream, Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out);
    return out;
}

} // namespace gitops::practice
