// SPDX-License-Identifier: GPL-3.0-or-later
#include "gitops/practice/protobuf.h"

#include "core/base/embedded.h"
#include "core/base/strings.h"
#include "core/base/time.h"

#include <charconv>
#include <map>
#include <optional>

namespace gitops::practice {

namespace {

constexpr std::string_view kMagic("k8s\0", 4);
constexpr int kDepth = 40;

/// A field of a message. Of one that may be told to be zero the zero is kept (Go's pointers);
/// elsewhere zero means that nothing was said.
struct Field
{
    std::string name = {}; ///< "": its members belong to the message around it
    std::string type = {}; ///< a scalar, or a message's name
    enum class Shape
    {
        One,
        List,
        Map
    } shape = Shape::One;
    bool keepsZero = false;
};
using Message = std::map<std::uint32_t, Field>;

struct Tables
{
    std::map<std::string, std::string, std::less<>> kinds; ///< "apps/v1 Deployment" to its message
    std::map<std::string, Message, std::less<>> messages;
};

Field fieldOf(std::string_view name, std::string_view type)
{
    Field out {std::string(name), {}, Field::Shape::One, false};
    if (type.starts_with('*'))
        out.shape = Field::Shape::List;
    else if (type.starts_with('%'))
        out.shape = Field::Shape::Map;
    else if (type.starts_with('!'))
        out.keepsZero = true;
    const bool isMarked = out.shape != Field::Shape::One || out.keepsZero;
    out.type = type.substr(isMarked ? 1 : 0);
    return out;
}

Tables readTables()
{
    Tables out;
    const auto data = core::parseJson(core::embedded("resources/protobuf/kinds.json"));
    if (!data)
        return out;
    for (const auto& [kind, message] : core::find(*data, "kinds")->get_object())
        out.kinds[std::string(kind)] = std::string_view(message.get_string());
    for (const auto& [name, fields] : core::find(*data, "messages")->get_object()) {
        Message& message = out.messages[std::string(name)];
        for (const auto& [number, field] : fields.get_object()) {
            std::uint32_t key = 0;
            std::from_chars(number.data(), number.data() + number.size(), key);
            const core::JsonArray& words = field.get_array();
            message[key] = fieldOf(std::string_view(words[0].get_string()),
                                   std::string_view(words[1].get_string()));
        }
    }
    return out;
}

const Tables& tables()
{
    static const Tables read = readTables();
    return read;
}

/// One field as it stands on the wire.
struct Wire
{
    std::uint32_t number = 0;
    bool isBytes = false;
    std::uint64_t value = 0; ///< of numbers
    std::string_view bytes;
};

class Reader
{
public:
    explicit Reader(std::string_view bytes)
        : m_rest(bytes)
    {
    }
    bool isBroken() const { return m_isBroken; }
    std::optional<Wire> next()
    {
        if (m_rest.empty() || m_isBroken)
            return {};
        const std::uint64_t key = varint();
        Wire out {std::uint32_t(key >> 3), false, 0, {}};
        switch (key & 7) {
        case 0:
            out.value = varint();
            break;
        case 1:
            out.value = fixed(8);
            break;
        case 2:
            out.isBytes = true;
            out.bytes = take(varint());
            break;
        case 5:
            out.value = fixed(4);
            break;
        default:
            m_isBroken = true;
        }
        if (m_isBroken || out.number == 0) {
            m_isBroken = true;
            return {};
        }
        return out;
    }
    std::uint64_t varint()
    {
        std::uint64_t out = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::string_view byte = take(1);
            if (m_isBroken)
                return 0;
            const auto bits = static_cast<unsigned char>(byte.front());
            out |= std::uint64_t(bits & 0x7f) << shift;
            if ((bits & 0x80) == 0)
                return out;
        }
        m_isBroken = true;
        return 0;
    }
    bool isAtEnd() const { return m_rest.empty(); }

private:
    std::string_view take(std::uint64_t size)
    {
        if (size > m_rest.size()) {
            m_isBroken = true;
            return {};
        }
        const std::string_view out = m_rest.substr(0, std::size_t(size));
        m_rest.remove_prefix(std::size_t(size));
        return out;
    }
    std::uint64_t fixed(std::size_t size)
    {
        const std::string_view bytes = take(size);
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            out |= std::uint64_t(static_cast<unsigned char>(bytes[i])) << (8 * i);
        return out;
    }
    std::string_view m_rest;
    bool m_isBroken = false;
};

/// Turns one body; remembers whether anything made no sense.
class Decoder
{
public:
    bool isBroken() const { return m_isBroken; }

    core::JsonObject message(std::string_view bytes, const Message& fields, int depth)
    {
        core::JsonObject out;
        if (depth > kDepth)
            m_isBroken = true;
        Reader reader(bytes);
        while (const auto wire = m_isBroken ? std::nullopt : reader.next())
            if (const auto field = fields.find(wire->number); field != fields.end())
                add(out, field->second, *wire, depth);
        m_isBroken = m_isBroken || reader.isBroken();
        return out;
    }

private:
    void add(core::JsonObject& out, const Field& field, const Wire& wire, int depth)
    {
        if (field.shape == Field::Shape::Map)
            return addEntry(out, field, wire, depth);
        if (field.shape == Field::Shape::List) {
            core::Json& list = out[field.name];
            if (!list.is_array())
                list = core::JsonArray();
            if (wire.isBytes && field.type == "int") { // packed
                for (Reader numbers(wire.bytes); !numbers.isAtEnd() && !numbers.isBroken();)
                    list.get_array().push_back(std::int64_t(numbers.varint()));
                return;
            }
            list.get_array().push_back(value(field, wire, depth).value_or(core::Json()));
            return;
        }
        auto single = value(field, wire, depth);
        if (!single)
            return;
        if (!field.name.empty()) {
            out[field.name] = std::move(*single);
        } else if (single->is_object()) {
            for (auto& [key, member] : single->get_object())
                out[key] = std::move(member);
        }
    }

    void addEntry(core::JsonObject& out, const Field& field, const Wire& wire, int depth)
    {
        const Message entry {{1, {.name = "key", .type = "string", .keepsZero = true}},
                             {2, {.name = "value", .type = field.type, .keepsZero = true}}};
        core::JsonObject pair = message(wire.bytes, entry, depth + 1);
        core::Json& map = out[field.name];
        if (!map.is_object())
            map = core::JsonObject();
        const core::Json* key = pair.if_contains("key");
        core::Json* member = pair.if_contains("value");
        const bool isText = field.type == "string" || field.type == "bytes";
        map.get_object()[key ? std::string_view(key->get_string()) : std::string_view()] = member
            ? std::move(*member)
            : isText ? core::Json("")
                     : core::Json();
    }

    /// nullopt: nothing was said.
    std::optional<core::Json> value(const Field& field, const Wire& wire, int depth)
    {
        const bool keepsZero = field.keepsZero || field.shape == Field::Shape::List;
        if (field.type == "int")
            return keepsZero || wire.value != 0
                ? std::optional<core::Json>(std::int64_t(wire.value))
                : std::nullopt;
        if (field.type == "bool")
            return keepsZero || wire.value != 0 ? std::optional<core::Json>(wire.value != 0)
                                                : std::nullopt;
        if (!wire.isBytes) {
            m_isBroken = true;
            return {};
        }
        if (field.type == "string") {
            if (!core::isValidUtf8(wire.bytes))
                m_isBroken = true;
            return keepsZero || !wire.bytes.empty() ? std::optional<core::Json>(wire.bytes)
                                                    : std::nullopt;
        }
        if (field.type == "bytes")
            return core::Json(core::base64Encode(wire.bytes));
        if (const auto found = tables().messages.find(field.type); found != tables().messages.end())
            return core::Json(message(wire.bytes, found->second, depth + 1));
        return leaf(field.type, wire.bytes, depth);
    }

    /// Messages whose JSON is no object.
    std::optional<core::Json> leaf(const std::string& type, std::string_view bytes, int depth)
    {
        static const std::map<std::string, Message, std::less<>> shapes {
            {"quantity", {{1, {.name = "text", .type = "string"}}}},
            {"raw", {{1, {.name = "text", .type = "string"}}}},
            {"strings", {{1, {.name = "items", .type = "string", .shape = Field::Shape::List}}}},
            {"intOrString",
             {{1, {.name = "type", .type = "int"}},
              {2, {.name = "number", .type = "int"}},
              {3, {.name = "text", .type = "string"}}}},
            {"time", {{1, {.name = "seconds", .type = "int", .keepsZero = true}}}},
            {"microTime", {{1, {.name = "seconds", .type = "int", .keepsZero = true}}}}};
        const auto shape = shapes.find(type);
        if (shape == shapes.end())
            return {};
        const core::Json read = message(bytes, shape->second, depth + 1);
        if (type == "quantity")
            return core::Json(core::stringAt(read, {"text"}));
        if (type == "raw") {
            const auto json = core::parseJson(core::stringAt(read, {"text"}));
            m_isBroken = m_isBroken || !json;
            return json ? std::optional<core::Json>(*json) : std::nullopt;
        }
        if (type == "strings") {
            const core::Json* items = core::find(read, "items");
            return items ? *items : core::Json(core::JsonArray());
        }
        if (type == "intOrString") {
            if (core::integerAt(read, {"type"}, 0) == 1)
                return core::Json(core::stringAt(read, {"text"}));
            return core::Json(std::int32_t(core::integerAt(read, {"number"}, 0)));
        }
        return time(read, type == "microTime");
    }

    std::optional<core::Json> time(const core::Json& read, bool isMicro)
    {
        if (!core::find(read, "seconds"))
            return {}; // the zero time
        constexpr std::int64_t most = 253'402'300'799; // the end of the year 9999
        const std::int64_t seconds = core::integerAt(read, {"seconds"}, 0);
        if (seconds < 0 || seconds > most) {
            m_isBroken = true;
            return {};
        }
        std::string text = core::formatRfc3339(core::WallTime(std::chrono::seconds(seconds)));
        if (isMicro && text.ends_with('Z'))
            text.insert(text.size() - 1, ".000000");
        return core::Json(text);
    }

    bool m_isBroken = false;
};

} // namespace

ApiResult<core::Json> jsonFromProtobuf(std::string_view body)
{
    static const Message typeFields {{1, {.name = "apiVersion", .type = "string"}},
                                     {2, {.name = "kind", .type = "string"}}};
    if (!body.starts_with(kMagic))
        return badRequest("the object provided is unrecognized (it has not the first bytes of "
                          "Kubernetes' protobuf)");
    Decoder decoder;
    core::JsonObject out;
    std::string_view raw;
    Reader envelope(body.substr(kMagic.size()));
    while (const auto wire = envelope.next()) {
        if (wire->number == 1 && wire->isBytes)
            out = decoder.message(wire->bytes, typeFields, 0);
        if (wire->number == 2 && wire->isBytes)
            raw = wire->bytes;
    }
    const core::Json type(out);
    const std::string kind = std::string(core::stringAt(type, {"apiVersion"})) + " "
        + std::string(core::stringAt(type, {"kind"}));
    const auto known = tables().kinds.find(kind);
    const auto fields = known == tables().kinds.end() ? tables().messages.end()
                                                      : tables().messages.find(known->second);
    if (!envelope.isBroken() && !decoder.isBroken() && fields == tables().messages.end())
        return unsupportedMediaType("the practice cluster does not read protobuf bodies of \""
                                    + core::sanitised(kind.substr(0, 200))
                                    + "\": send application/json");
    if (fields != tables().messages.end())
        for (auto& [key, member] : decoder.message(raw, fields->second, 0))
            out[key] = std::move(member);
    if (envelope.isBroken() || decoder.isBroken())
        return badRequest("the object provided is unrecognized (its protobuf is damaged)");
    return core::Json(std::move(out));
}

} // namespace gitops::practice
