/*
 * What Unicode's data do not say and mail needs, by hand. Each list is pairs of one character and
 * its replacement, separated by spaces. Read by fold-generate.c only.
 */
#ifndef FOLD_EXTRAS_H
#define FOLD_EXTRAS_H

/* clang-format off */

/* Letters of living alphabets that have no decomposition: strokes, ligatures, dotless and hooked
 * forms. Folding makes them plain; they are nothing odd. */
static const char fold_plain[] =
    "ø o đ d ð d ħ h ı i ȷ j ĸ k ł l ŋ n œ oe æ ae ŧ t þ th ß ss ə e "
    "ɓ b ɖ d ɗ d ɛ e ɔ o ɣ g ɩ i ƙ k ɲ n ʋ v ƴ y ƒ f ɨ i ʉ u ʊ u ƶ z ǥ g ƛ l ƀ b ɟ j ɵ o ʌ v ꞌ ' "
    /* Cyrillic and Arabic letters with strokes or other shapes that readers do not tell apart */
    "ґ г ғ г ҙ з қ к ҝ к ҟ к ҡ к ң н ҥ н ҫ с ҭ т ұ ү ҳ х ҷ ч ҹ ч ӄ к ӈ н ԥ п ҧ п ҩ о ґ г "
    "ک ك ی ي ى ي ې ي ہ ه ھ ه ە ه ۀ ه ے ي";

/* Letters that no living alphabet uses in this place: small capitals, phonetic signs, lettered
 * symbols. Folding makes them plain, and they count as styled. */
static const char fold_styled[] =
    "ᴀ a ᴁ ae ʙ b ᴃ b ᴄ c ᴅ d ᴆ d ᴇ e ꜰ f ɢ g ʛ g ʜ h ɪ i ᵻ i ᴊ j ᴋ k ʟ l ᴌ l ᴍ m ɴ n ᴎ n ᴏ o ᴐ o ᴑ o "
    "ᴘ p ʀ r ᴙ r ᴚ r ʁ r ꜱ s ᴛ t ᴜ u ᵾ u ᴠ v ᴡ w ʏ y ᴢ z ꞯ q ʭ w ʬ w "
    "ɑ a ɐ a ɒ a ⱥ a ƃ b ƅ b ɕ c ƈ c ȼ c ꞓ c ƌ d ȡ d ɇ e ɘ e ǝ e ɚ e ɜ e ɝ e ɞ e ʚ e ʄ f ɸ f ꞙ f "
    "ɡ g ɠ g ɤ y ɦ h ɧ h ɥ h ⱨ h ƕ hv ɫ l ɬ l ɭ l ƚ l ⱡ l ȴ l ʝ j ɉ j ⱪ k ꝁ k ʞ k ɱ m ɰ m ɯ m "
    "ƞ n ȵ n ɳ n ꞑ n ɶ oe ꝋ o ꝍ o ⱺ o ƥ p ᵽ p ꝑ p ꝓ p ɋ q ʠ q ꝗ q ɍ r ɹ r ɺ r ɻ r ɼ r ɽ r ɾ r ɿ r "
    "ʂ s ȿ s ƨ s ſ s ƭ t ʈ t ʇ t ⱦ t ȶ t ƫ t ⱱ v ⱴ v ʍ w ⱳ w ꭓ x ꭗ x ɏ y ʎ y ỿ y ʐ z ʑ z ȥ z ɀ z ⱬ z ꝣ z "
    "ꞔ c ꞕ h ꬰ a ꬴ e ꬵ f ꬶ g ꬷ l ꬺ m ꬻ n ꬽ o ꭅ r ꭇ r ꭎ u ꭐ ui ꭒ u ꭖ x ꭚ y ꟾ i ꟿ m";

/* Signs that mean the same as an ASCII sign, and blanks that no library calls blank. */
static const char fold_signs[] =
    "‘ ' ’ ' ‚ ' ‛ ' ′ ' ‵ ' ʼ ' ʹ ' ʻ ' ʽ ' ʾ ' ʿ ' ˈ ' ˊ ' ˋ ' ՚ ' ׳ ' ꞌ ' ‹ ' › ' “ \" ” \" „ \" ‟ \" "
    "״ \" « \" » \" ʺ \" ˮ \" 〝 \" 〞 \" 〟 \" ‐ - ‑ - ‒ - – - — - ― - − - ﹘ - ⁃ - ˗ - ‧ . · . • . ∙ . ⋅ . "
    "・ . ․ . 。 . 、 , ، , ؛ ; ؟ ? ⁄ / ∕ / ⧸ / ∣ | ￨ | ∗ * ⁎ * ∶ : ꞉ : ː : ˸ : ։ : ׃ : "
    "〈 < 〉 > 《 < 》 > 「 \" 」 \" 『 \" 』 \" 【 [ 】 ] 〔 [ 〕 ] 〖 [ 〗 ] ❨ ( ❩ ) ❪ ( ❫ ) ❲ ( ❳ ) "
    "〜 ~ ∼ ~ ⁓ ~ ˜ ~ ˆ ^ ‖ |";

/*
 * What a character looks like, case kept, for the skeleton and for payment addresses; looked up
 * before UTS #39's table. Letters rather than digits.
 */
static const char look_hand[] =
    /* Cyrillic */
    "А A а a Б b б b В B в b Г r г r Е E е e Э E э e Є E є e З 3 з 3 И N и u Й N й u К K к k М M м m "
    "Н H н h О O о o П n п n Р P р p С C с c Т T т t У Y у y Х X х x Ч 4 ч 4 Ш W ш w Щ W щ w Ь b ь b "
    "Ъ b ъ b Я R я r Ѕ S ѕ s І I і i Ј J ј j Ү Y ү y Ұ Y ұ y Һ H һ h Ԁ D ԁ d Ԍ G ԍ g Ԛ Q ԛ q Ԝ W ԝ w "
    "Ӏ I ӏ l Ѵ V ѵ v Ѡ W ѡ w Ғ F ғ f Қ K қ k Ң H ң h Ҫ C ҫ c Ҭ T ҭ t Ҳ X ҳ x Ө O ө o Ӕ A ӕ a Ц U ц u "
    "Ҍ b ҍ b Ѳ O ѳ o Ѡ W Ꙇ i ꙇ i ᲀ b ᲁ d ᲂ o ᲃ c "
    /* Greek */
    "Α A α a Β B β b Γ r Δ A Ε E ε e Ζ Z ζ z Η H η n Θ O θ o Ι I ι i Κ K κ k Λ A λ l Μ M μ u Ν N ν v "
    "Ξ E Ο O ο o Π n π n Ρ P ρ p Σ E σ o ς s Τ T τ t Υ Y υ u Χ X χ x Ω O ω w Ϲ C ϲ c Ϳ J ϳ j Ϝ F ϝ f "
    "Ϻ M ϻ m Ϙ Q ϙ q ϐ b ϑ o ϒ Y ϰ k ϱ p ϵ e "
    /* Latin letters that fold to something else than they look like */
    "ß B ẞ B þ p Þ P ƿ p Ƅ b ƅ b ſ f ʃ f ƽ s Ƽ S ɩ i ɔ c ə e Ʌ A Ǝ E ƍ g ƪ l ɂ ? Ʊ u ʋ u ɯ w Ɯ W ŋ n "
    "Œ O œ o Æ A æ a ȣ 8 ƛ l ʇ t ʍ w ʎ y ɥ h ɟ f ɹ r ɐ a ǝ e "
    /* Armenian, Georgian, Coptic, Cherokee, Canadian, Lisu and others beyond UTS #39 */
    "Ս U ս u Տ S տ s Օ O օ o Լ L լ l Հ h հ h ո n Ո n ց g զ q ռ n ղ n յ j ք p Ք P ե t Ե E է t պ w ա w "
    "ი o ხ b ა a Ი O ყ y ე g ო m ⲟ o Ⲟ O ⲥ c Ⲥ C ⲣ p Ⲣ P ⲁ a Ⲁ A ⲃ b Ⲃ B ⲉ e Ⲉ E ⲓ i Ⲓ I ⲕ k Ⲕ K "
    "ⲙ m Ⲙ M ⲛ n Ⲛ N ⲧ t Ⲧ T ⲩ y Ⲩ Y ⲭ x Ⲭ X ⲏ h Ⲏ H "
    "ᗩ A ᗷ B ᑕ C ᗪ D ᗴ E ᖴ F ᕼ H ᒍ J ᒪ L ᗰ M ᑎ N ᑭ P ᑫ q ᖇ R ᔕ S ᑌ U ᐯ V ᗯ W ᙭ X ᘔ Z ᑲ b ᑯ d ᒿ 2 "
    "Ꭿ A Ᏸ B Ꮳ C Ꮷ d Ꭼ E Ꮀ F Ꮆ G Ꮋ H Ꭵ i Ꮰ J Ꮶ K Ꮮ L Ꮇ M Ꮑ N Ꮎ O Ꭾ P Ꭴ O Ꮢ R Ꮥ S Ꮏ T Ꮜ U Ꮙ V Ꮤ W "
    "ꭵ i ꭰ d ꭱ r ꭲ t ꮃ w ꮓ z ꮪ s ꮯ c ꮲ p ꭻ j ꮮ l ꮇ m "
    /* signs */
    "₿ B ฿ B ₵ C ¢ c ₡ C € e £ L ₤ L ¥ Y ₦ N ₩ W ₮ T ₴ S § S © c ® R ¡ i ∂ d ∑ E √ v ∩ n ∪ u ∧ A ∨ v "
    "∅ O ⊘ O ◯ O ○ O ● O ⚫ O ⭕ O 🅾 O ⊕ O ⊙ O ⦿ O † t ‡ t ✝ t ✞ t ☦ t ∈ E ∊ e ∋ E ℓ l ⅃ J ⅄ Y ℹ i 🅰 A 🅱 B 🅿 P "
    "∣ l ￨ l ⎸ l ⎹ l ❘ l ❙ l ➊ 1 ∀ A ∃ E ⊂ c ⊃ c ⋃ U ⋂ n ⨯ x × x ✕ x ✖ x ✗ x ⌊ L ⌋ J ㎡ m";

#endif
